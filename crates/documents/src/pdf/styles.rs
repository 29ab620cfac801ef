//! Sizes, distances and text styles of the PDF, in points.

use crate::colour::{INK, MUTED};
use crate::fonts::Weight;
use crate::text::Style;

pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;
pub const LEFT: f32 = 52.0;
pub const RIGHT: f32 = PAGE_WIDTH - 52.0;
pub const WIDTH: f32 = RIGHT - LEFT;
pub const TOP: f32 = 44.0;
/// Content ends here; below it is only the footer.
pub const BOTTOM: f32 = PAGE_HEIGHT - 60.0;
pub const FOOTER_TOP: f32 = PAGE_HEIGHT - 44.0;
pub const HAIRLINE: f32 = 0.6;

pub const TITLE: Style = Style { weight: Weight::SemiBold, size: 25.0, leading: 32.0, colour: INK };
pub const HERO: Style = Style { weight: Weight::SemiBold, size: 19.0, leading: 25.0, colour: INK };
pub const BRAND: Style = Style { weight: Weight::SemiBold, size: 11.5, leading: 16.0, colour: INK };
pub const HEADING: Style = Style { weight: Weight::SemiBold, size: 10.0, leading: 14.5, colour: INK };
pub const BODY: Style = Style { weight: Weight::Regular, size: 9.2, leading: 13.8, colour: INK };
pub const STRONG: Style = Style { weight: Weight::SemiBold, ..BODY };
pub const QUIET: Style = Style { colour: MUTED, ..BODY };
pub const LABEL: Style = Style { weight: Weight::Regular, size: 8.0, leading: 12.0, colour: MUTED };
pub const BADGE: Style = Style { weight: Weight::SemiBold, size: 8.0, leading: 12.0, colour: INK };
pub const DUE: Style = Style { weight: Weight::SemiBold, size: 11.0, leading: 16.0, colour: INK };
