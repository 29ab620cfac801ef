//! Keys of sign-in tokens, tokens that were used, and how the portal looks.

use domain::branding::{Branding, FileKind, Logo, Theme};
use domain::sso_keys::{KeyAlgorithm, SsoKey};
use store::branding;
use store::sso_keys::{self, Material, StoredKey};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, now, organizations};

fn key(kid: &str, algorithm: KeyAlgorithm, material: Material) -> StoredKey {
    let key = SsoKey { kid: kid.to_owned(), algorithm, expires_at: Some(now().add_seconds(60)), created_at: now() };
    StoredKey { key, material }
}

on_both! {
    async fn a_key_is_stored_as_it_is_and_belongs_to_one_organization(db: TestDb) {
        organizations(&db).await;
        let mut tx = db.begin().await.unwrap();
        let shared = key("b", KeyAlgorithm::Hs256, Material::Sealed("sealed".to_owned()));
        let public = key("a", KeyAlgorithm::EdDsa, Material::Public("{}".to_owned()));
        for stored in [&shared, &public] {
            sso_keys::save(&mut tx, ACME, stored).await.unwrap();
        }
        assert_eq!(sso_keys::list(&mut tx, ACME).await.unwrap(), [public, shared.clone()]);
        assert_eq!(sso_keys::list(&mut tx, RIVAL).await.unwrap(), []);
        assert_eq!(sso_keys::find(&mut tx, RIVAL, "b").await.unwrap(), None);
        assert_eq!(sso_keys::replace_secret(&mut tx, ACME, "b", "other", "new").await.unwrap(), 0);
        assert_eq!(sso_keys::replace_secret(&mut tx, ACME, "b", "sealed", "new").await.unwrap(), 1);
        // Another under the same name takes its place, whatever its kind; when it was made stays.
        let mut other = key("b", KeyAlgorithm::Rs256, Material::Public("{\"n\":1}".to_owned()));
        (other.key.expires_at, other.key.created_at) = (None, now().add_seconds(9));
        sso_keys::save(&mut tx, ACME, &other).await.unwrap();
        other.key.created_at = now();
        assert_eq!(sso_keys::find(&mut tx, ACME, "b").await.unwrap(), Some(other));
        assert_eq!(sso_keys::delete(&mut tx, RIVAL, "b").await.unwrap(), 0);
        assert_eq!(sso_keys::delete(&mut tx, ACME, "b").await.unwrap(), 1);
    }

    async fn a_token_is_used_up_once_in_its_organization_until_it_is_swept(db: TestDb) {
        organizations(&db).await;
        let mut tx = db.begin().await.unwrap();
        let mut used = async |org| sso_keys::use_up(&mut tx, org, "jti", now().add_seconds(60)).await.unwrap();
        assert_eq!([used(ACME).await, used(ACME).await, used(RIVAL).await], [true, false, true]);
        assert_eq!(sso_keys::sweep(&mut tx, ACME, now().add_seconds(59)).await.unwrap(), 0);
        assert_eq!(sso_keys::sweep(&mut tx, ACME, now().add_seconds(60)).await.unwrap(), 1);
        assert!(sso_keys::use_up(&mut tx, ACME, "jti", now().add_seconds(60)).await.unwrap());
    }

    async fn looks_are_stored_as_they_are_and_files_found_by_what_they_hold(db: TestDb) {
        organizations(&db).await;
        let mut tx = db.begin().await.unwrap();
        let looks = Branding {
            accent: Some("#14675b".parse().unwrap()),
            radius: Some(4),
            font: Some("Georgia, 'Noto Sans Ä', serif".parse().unwrap()),
            theme: Theme::Dark,
            logo: Some(Logo { hash: "abc".to_owned(), width: 640, height: 128 }),
            stylesheet: Some("def".to_owned()),
        };
        branding::save(&mut tx, ACME, &looks).await.unwrap();
        assert_eq!(store::organizations::get(&mut tx, ACME).await.unwrap().branding, looks);
        assert_eq!(store::organizations::get(&mut tx, RIVAL).await.unwrap().branding, Branding::default());
        for (hash, content) in [("abc", "old"), ("abd", "new")] {
            branding::save_file(&mut tx, ACME, FileKind::Logo, hash, content).await.unwrap();
        }
        let mut found = async |org, kind, hash| branding::file(&mut tx, org, kind, hash).await.unwrap();
        assert_eq!(found(ACME, FileKind::Logo, "abd").await.as_deref(), Some("new"));
        assert_eq!(found(ACME, FileKind::Logo, "abc").await, None);
        assert_eq!(found(ACME, FileKind::Stylesheet, "abd").await, None);
        assert_eq!(found(RIVAL, FileKind::Logo, "abd").await, None);
        assert_eq!(branding::delete_file(&mut tx, ACME, FileKind::Logo).await.unwrap(), 1);
        branding::save(&mut tx, ACME, &Branding::default()).await.unwrap();
        assert_eq!(store::organizations::get(&mut tx, ACME).await.unwrap().branding, Branding::default());
    }
}
