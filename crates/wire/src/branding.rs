//! How an organization's portal looks (`docs/api.md`).

use domain::branding::{Branding, Colour, FontStack, RADIUS_MAX, Theme};
use domain::changes::Change;
use domain::checks::Problems;

use crate::element::Element;
use crate::reader::{self, Field};
use crate::writer::Writer;

/// What a body says of it: what is absent stays, what is there and empty is ours again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandingRequest {
    pub accent: Change<Colour>,
    pub radius: Change<i64>,
    pub font: Change<FontStack>,
    pub theme: Change<Theme>,
}

pub fn read(branding: &Element) -> Result<BrandingRequest, Problems> {
    reader::expect_root(branding, &["branding"])?;
    reader::read(branding, |branding| {
        Some(BrandingRequest {
            accent: change(branding.parsed("accent", str::parse)),
            radius: change(branding.integer("radius", 0..=RADIUS_MAX)),
            font: change(branding.parsed("font", str::parse::<FontStack>)),
            theme: change(branding.parsed("theme", str::parse)),
        })
    })
}

fn change<T>(field: Field<T>) -> Change<T> {
    match field {
        Field::Absent => Change::Keep,
        Field::Cleared => Change::Clear,
        Field::Value(value) => Change::To(value),
    }
}

/// The addresses of the logo and of the stylesheets, our own custom properties first.
pub fn write(branding: &Branding, logo: Option<&str>, stylesheets: &[String]) -> String {
    let mut writer = Writer::with_capacity(1024);
    writer.element("branding", |writer| {
        writer.optional_value("accent", branding.accent);
        writer.optional_value("radius", branding.radius);
        writer.optional_value("font", branding.font.as_ref());
        writer.value("theme", branding.theme);
        writer.element("logo", |writer| {
            if let (Some(shown), Some(address)) = (&branding.logo, logo) {
                writer.text("url", address);
                writer.value("width", shown.width);
                writer.value("height", shown.height);
            }
        });
        writer.element("stylesheets", |writer| {
            for address in stylesheets {
                writer.text("url", address);
            }
        });
        writer.element("warnings", |writer| {
            for warning in branding.warnings() {
                writer.text("warning", &warning);
            }
        });
    });
    writer.finish()
}
