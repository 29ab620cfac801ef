//! What a seed file says of how the portal looks.

use std::fmt::Display;
use std::str::FromStr;

use domain::branding::{FontStack, RADIUS_MAX};
use domain::changes::Change;

use super::Checker;
use crate::branding::BrandingChange;
use crate::seed::{SeedBranding, file};

impl Checker<'_> {
    pub(super) fn branding(&mut self, given: &file::Branding) -> SeedBranding {
        let radius = given.radius.as_ref().map_or(Change::Keep, |radius| {
            if !(0..=RADIUS_MAX).contains(radius.get_ref()) {
                self.wrong(radius.span(), "branding.radius", &format!("must be 0 to {RADIUS_MAX} pixels"));
            }
            Change::To(*radius.get_ref())
        });
        let change = BrandingChange {
            accent: self.chosen(given.accent.as_ref(), "branding.accent"),
            radius,
            font: self.chosen::<FontStack>(given.font.as_ref(), "branding.font"),
            theme: self.chosen(given.theme.as_ref(), "branding.theme"),
        };
        let file = |file: &Option<file::Text>| file.as_ref().map(|file| file.get_ref().clone());
        SeedBranding {
            change,
            logo_file: file(&given.logo),
            stylesheet_file: file(&given.stylesheet),
            ..SeedBranding::default()
        }
    }

    fn chosen<T: FromStr<Err: Display>>(&mut self, value: Option<&file::Text>, field: &str) -> Change<T> {
        let Some(value) = value else { return Change::Keep };
        match value.get_ref().parse() {
            Ok(value) => Change::To(value),
            Err(what) => {
                self.wrong(value.span(), field, &what.to_string());
                Change::Keep
            }
        }
    }
}
