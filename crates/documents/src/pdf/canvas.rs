//! Marks on pages and the structure they belong to, and how both are written by krilla.

use std::num::NonZeroU16;

use krilla::configure::{ConfigurationBuilder, PdfVersion};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node as TagNode, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::styles::{PAGE_HEIGHT, PAGE_WIDTH};
use crate::Error;
use crate::colour::Colour;
use crate::fonts::Fonts;
use crate::invoice::{CreatedAt, InvoiceDocument};
use crate::text::{Glyph, Line};

/// Handle of a structure element; see [`Canvas::element`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element(usize);

/// What an element is to assistive technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Title,
    Heading,
    Paragraph,
    Group,
    Table,
    Row,
    ColumnHead,
    Cell,
}

/// A box in points from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// Pages being filled. What stands at the left of one is at the right where text runs from right to left.
pub struct Canvas {
    is_mirrored: bool,
    pages: Vec<Vec<Mark>>,
    structure: Vec<Structure>,
}

enum Mark {
    /// `owner` is `None` for what repeats on each page and need not be read aloud.
    Text {
        x: f32,
        baseline: f32,
        line: Line,
        owner: Option<Element>,
    },
    Box {
        area: Area,
        radius: f32,
        colour: Colour,
    },
}

struct Structure {
    role: Role,
    parent: Option<Element>,
}

impl Canvas {
    pub fn new(is_mirrored: bool) -> Self {
        Self { is_mirrored, pages: vec![Vec::new()], structure: Vec::new() }
    }

    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    pub fn add_page(&mut self) {
        self.pages.push(Vec::new());
    }

    /// A new element, read after all earlier ones of its parent.
    pub fn element(&mut self, role: Role, parent: Option<Element>) -> Element {
        self.structure.push(Structure { role, parent });
        Element(self.structure.len() - 1)
    }

    /// Puts a line whose box starts at `top` on the last page.
    pub fn text(&mut self, x: f32, top: f32, line: Line, owner: Option<Element>) {
        let page = self.pages.len() - 1;
        self.text_on(page, (x, top), line, owner);
    }

    pub fn text_on(&mut self, page: usize, (x, top): (f32, f32), line: Line, owner: Option<Element>) {
        let left = if self.is_mirrored { PAGE_WIDTH - x - line.width } else { x };
        let x = left - line.hanging();
        // capitals stand in the middle of their line's box
        let baseline = top + line.style.leading / 2.0 + line.style.size * 0.357;
        self.pages[page].push(Mark::Text { x, baseline, line, owner });
    }

    pub fn filled(&mut self, area: Area, radius: f32, colour: Colour) {
        let x = if self.is_mirrored { PAGE_WIDTH - area.x - area.width } else { area.x };
        let area = Area { x, ..area };
        self.pages.last_mut().expect("there is always a page").push(Mark::Box { area, radius, colour });
    }

    /// Writes the document.
    pub fn write(self, fonts: &Fonts, invoice: &InvoiceDocument) -> Result<Vec<u8>, Error> {
        let mut document = Document::new_with(settings());
        let mut content: Vec<Vec<Identifier>> = self.structure.iter().map(|_| Vec::new()).collect();
        for marks in &self.pages {
            let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).expect("A4 has an area");
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                draw(&mut surface, fonts, mark, &mut content);
            }
            surface.finish();
            page.finish();
        }
        let mut tree = TagTree::from(groups(&self.structure, content, &invoice.title));
        tree.lang = Some(invoice.language().to_owned());
        document.set_tag_tree(tree);
        document.set_metadata(metadata(invoice));
        Ok(document.finish()?)
    }
}

fn settings() -> SerializeSettings {
    let configuration =
        ConfigurationBuilder::new().with_version(PdfVersion::Pdf17).finish().expect("no validator limits the version");
    SerializeSettings { configuration, enable_tagging: true, xmp_metadata: true, ..SerializeSettings::default() }
}

fn metadata(invoice: &InvoiceDocument) -> Metadata {
    let CreatedAt { year, month, day, hour, minute, second } = invoice.created_at;
    let created = DateTime::new(year).month(month).day(day).hour(hour).minute(minute).second(second);
    Metadata::new()
        .title(invoice.title.clone())
        .authors(vec![invoice.organization.name.clone()])
        .creator("BluSynergy".into())
        .language(invoice.language().to_owned())
        .creation_date(created.utc_offset_hour(0))
}

fn draw(surface: &mut Surface, fonts: &Fonts, mark: &Mark, content: &mut [Vec<Identifier>]) {
    match mark {
        Mark::Box { area, radius, colour } => {
            if let Some(path) = rounded(*area, *radius) {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
                surface.end_tagged();
            }
        }
        Mark::Text { x, baseline, line, owner } => {
            let tag = match owner {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            };
            let identifier = surface.start_tagged(tag);
            draw_line(surface, fonts, (*x, *baseline), line);
            surface.end_tagged();
            if let Some(Element(index)) = owner {
                content[*index].push(identifier);
            }
        }
    }
}

fn draw_line(surface: &mut Surface, fonts: &Fonts, (mut x, baseline): (f32, f32), line: &Line) {
    surface.set_fill(Some(fill(line.style.colour)));
    for run in line.drawn().chunk_by(Glyph::is_drawn_with) {
        let glyphs: Vec<KrillaGlyph> = run
            .iter()
            .map(|glyph| {
                let (right, up) = glyph.offset;
                let id = GlyphId::new(glyph.id);
                KrillaGlyph::new(id, glyph.advance, right, up, 0.0, glyph.range.clone(), None)
            })
            .collect();
        let font = fonts.faces[run[0].face].embedded.clone();
        let start = Point::from_xy(x, baseline);
        surface.draw_glyphs(start, &glyphs, font, &line.text, line.style.size, false);
        x += run.iter().map(|glyph| glyph.advance).sum::<f32>() * line.style.size;
    }
}

/// The structure tree: each element holds its marks, then its children in the order they were made.
fn groups(structure: &[Structure], mut content: Vec<Vec<Identifier>>, title: &str) -> Vec<TagNode> {
    let mut roots = Vec::new();
    let mut finished: Vec<Vec<TagNode>> = structure.iter().map(|_| Vec::new()).collect();
    // children come after their parent, so walking backwards completes each element before it is handed up
    for (index, element) in structure.iter().enumerate().rev() {
        let mut group = TagGroup::new(kind(element.role, title));
        group.children.extend(content[index].drain(..).map(TagNode::Leaf));
        group.children.extend(finished[index].drain(..).rev());
        let siblings = match element.parent {
            Some(Element(parent)) => &mut finished[parent],
            None => &mut roots,
        };
        siblings.push(TagNode::Group(group));
    }
    roots.reverse();
    roots
}

fn kind(role: Role, title: &str) -> TagKind {
    const TWO: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);
    match role {
        Role::Title => Tag::Hn(NonZeroU16::MIN, Some(title.to_owned())).into(),
        Role::Heading => Tag::Hn(TWO, None).into(),
        Role::Paragraph => Tag::P.into(),
        Role::Group => Tag::Div.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
    }
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: krilla::color::rgb::Color::new(colour.0, colour.1, colour.2).into(), ..Fill::default() }
}

fn rounded(area: Area, radius: f32) -> Option<Path> {
    let Area { x, y, width, height } = area;
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    if radius <= 0.0 {
        path.push_rect(Rect::from_ltrb(x, y, right, bottom)?);
        return path.finish();
    }
    // the control points of a quarter of a circle
    let inset = radius * (1.0 - 0.5523);
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - inset, y, right, y + inset, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - inset, right - inset, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.cubic_to(x + inset, bottom, x, bottom - inset, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + inset, x + inset, y, x + radius, y);
    path.close();
    path.finish()
}
