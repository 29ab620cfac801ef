//! How a merchant's portal looks: what is chosen, checked and shown (`product.md` L15).

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use crate::harness::Server;
use crate::harness::fixtures::JOHN;

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

on_both! {
    async fn what_the_merchant_chooses_is_on_every_page(server: Server) {
        server.john().await;
        let chosen = "<branding><accent>#14675B</accent><radius>4</radius><font>Georgia, serif</font><theme>light</theme></branding>";
        server.call("PUT", "/rest/branding").body(chosen).gives(200).await.has(&[
            ("accent", "#14675b"), ("radius", "4"), ("font", "\"Georgia\", serif"), ("theme", "light"), ("warnings", ""),
        ]);
        let logo = server.call("PUT", "/rest/branding/logo").body(png(1280, 320)).gives(200).await;
        logo.has(&[("logo/width", "512"), ("logo/height", "128")]);
        let sheet = ".brand { letter-spacing: 0 }";
        server.call("PUT", "/rest/branding/stylesheet").body(sheet).gives(200).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        for page in [&home, &browser.get("/widget/login").await, &browser.get("/widget/customerHome/x").await] {
            assert_eq!(page.attribute("img.brand-logo", "alt").as_deref(), Some("Acme Hosting"), "{}", page.path);
            assert_eq!(page.attribute("img.brand-logo", "src"), Some(logo.at("logo/url")));
            assert_eq!((page.count("link[href^='/brand/']"), page.count(".brand-mark")), (2, 0));
            assert_eq!(page.attribute("meta[name=color-scheme]", "content").as_deref(), Some("light"));
        }
        let links: Vec<String> = home.html().select(&crate::harness::browser::selector("link[href^='/brand/']"))
            .map(|link| link.value().attr("href").unwrap().to_owned()).collect();
        let properties = browser.get(&links[0]).await;
        assert!(properties.answer.text().starts_with(":root{color-scheme:light;--accent:#14675b;--on-accent:#ffffff;"));
        assert_eq!(browser.get(&links[1]).await.answer.text(), sheet);
        for (path, kind) in [(links[0].clone(), "text/css; charset=utf-8"), (logo.at("logo/url"), "image/png")] {
            let file = browser.get(&path).await;
            file.is(200);
            assert_eq!(file.answer.header("content-type"), kind);
            assert!(file.answer.header("cache-control").contains("immutable"));
            assert_eq!(file.answer.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(file.answer.header("x-content-type-options"), "nosniff");
        }
        // Another content has another address; what is gone is gone, and is nobody else's.
        server.rival().await;
        crate::harness::Browser::new(&server, "rival.localhost").get(&links[1]).await.is(404);
        server.call("DELETE", "/rest/branding/stylesheet").gives(200).await;
        server.call("DELETE", "/rest/branding/logo").gives(200).await.has(&[("logo", "")]);
        let empty = "<branding><accent/><radius/><font/><theme/></branding>";
        server.call("PUT", "/rest/branding").body(empty).gives(200).await.has(&[("accent", ""), ("theme", "auto")]);
        for gone in [&links[0], &links[1], &logo.at("logo/url"), "/brand/x", "/brand/.css", "/brand/%00.png"] {
            browser.get(gone).await.is(404);
        }
        let page = browser.get(&home.path).await;
        assert_eq!((page.count("link[href^='/brand/']"), page.text(".brand-mark").as_str()), (0, "A"));
    }

    async fn a_colour_that_can_not_be_seen_is_taken_with_a_warning(server: Server) {
        let answer = server.call("PUT", "/rest/branding").body("<branding><accent>#ffee00</accent></branding>").gives(200).await;
        assert!(answer.at("warnings/warning").contains("1.20:1 with the light page"), "{}", answer.at("warnings/warning"));
        let shown = server.get("/rest/branding").gives(200).await;
        shown.has(&[("accent", "#ffee00"), ("radius", "")]);
        let sheet = server.browser().get(&shown.at("stylesheets/url")).await.answer.text();
        // Black on yellow; as a link a darker yellow.
        assert!(sheet.contains("--on-accent:#000000") && !sheet.contains("light-dark(#ffee00,"), "{sheet}");
    }

    async fn what_is_no_branding_is_refused_and_changes_nothing(server: Server) {
        for (body, says) in [
            ("<branding><accent>red</accent></branding>", "accent must be a colour"),
            ("<branding><radius>25</radius></branding>", "radius must be"),
            ("<branding><radius>4px</radius></branding>", "radius must be"),
            ("<branding><font>a;b</font></branding>", "font must be 1 to 8 names"),
            ("<branding><theme>blue</theme></branding>", "theme must be one of auto, light, dark."),
            ("<brand/>", "The root element must be branding."),
        ] {
            let messages = server.refuses(400, server.call("PUT", "/rest/branding").body(body)).await;
            assert!(messages[0].starts_with(says), "{body}: {messages:?}");
        }
        for (body, status) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(), 400),
            (Vec::new(), 400),
            (png(200, 50)[..60].to_vec(), 400),
            (png(5000, 20), 400),
            (vec![0x89; 10 * 1024 * 1024], 413),
        ] {
            server.refuses(status, server.call("PUT", "/rest/branding/logo").body(body)).await;
        }
        for (body, status) in [
            (b"@import url(/css/a.css);".to_vec(), 400),
            (b"a { background: url(https://evil.example/x) }".to_vec(), 400),
            (b"a { background: u\\72l(//evil.example/x) }".to_vec(), 400),
            (b"\xff\xfe".to_vec(), 400),
            (vec![b' '; 300 * 1024], 413),
            (vec![b' '; 10 * 1024 * 1024], 413),
        ] {
            server.refuses(status, server.call("PUT", "/rest/branding/stylesheet").body(body)).await;
        }
    }

    async fn a_seed_file_brings_the_looks_with_the_files_beside_it(engine: Engine) {
        let table = "[organization.branding]\naccent = \"#14675b\"\nfont = \"Georgia, serif\"\nlogo = \"acme.png\"\nstylesheet = \"acme.css\"\n";
        let seed = testkit::organization::ACME.replace("[organization.portal]", &format!("{table}\n[organization.portal]"));
        let server = Server::start(engine).await;
        let missing = server.try_seed(&seed).await.unwrap_err();
        assert!(missing.contains("branding.logo acme.png can't be read"), "{missing}");
        std::fs::write(server.data_dir().join("acme.png"), png(64, 64)).unwrap();
        std::fs::write(server.data_dir().join("acme.css"), "@import 'x.css';").unwrap();
        let refused = server.try_seed(&seed).await.unwrap_err();
        assert!(refused.contains("branding.stylesheet acme.css must not have @import"), "{refused}");
        std::fs::write(server.data_dir().join("acme.css"), ":root { --gutter: 0 }").unwrap();
        server.try_seed(&seed).await.unwrap();
        let shown = server.get("/rest/branding").gives(200).await;
        shown.has(&[("accent", "#14675b"), ("logo/width", "64"), ("theme", "auto")]);
        // Again it changes nothing, and what the file does not name stays.
        let before = server.stored().await;
        server.try_seed(&seed).await.unwrap();
        server.try_seed(testkit::organization::ACME).await.unwrap();
        let after = server.stored().await;
        assert_eq!((&before["brand_files"], before["audit"].len()), (&after["brand_files"], after["audit"].len()));
        for (key, says) in [
            ("accent = \"red\"", "branding.accent must be a colour"),
            ("radius = 99", "branding.radius must be 0 to 24 pixels"),
            ("font = \"\"", "branding.font must be"),
            ("theme = \"pink\"", "branding.theme must be one of"),
            ("colour = \"#123456\"", "unknown field"),
        ] {
            let wrong = testkit::organization::ACME.replace("[organization.portal]", &format!("[organization.branding]\n{key}\n\n[organization.portal]"));
            let refused = server.try_seed(&wrong).await.unwrap_err();
            assert!(refused.contains(says), "{key}: {refused}");
        }
    }
}

impl Server {
    /// The seed with the files of the data folder beside it; why it is refused.
    async fn try_seed(&self, text: &str) -> Result<(), String> {
        let applied = server::seeding::apply(&self.config, &self.billing, text, self.data_dir()).await;
        applied.map(drop).map_err(|error| format!("{error:#}"))
    }
}
