//! The place where the next thing goes: a position on a page that moves down and on to the next page.

use super::canvas::{Area, Canvas, Element};
use super::styles::{BOTTOM, HAIRLINE, LABEL, LEFT, RIGHT, TOP, WIDTH};
use crate::colour::{self, Colour, FAINT_RULE};
use crate::fonts::Fonts;
use crate::invoice::InvoiceDocument;
use crate::text::{Line, Shaper, Style};

/// Where content starts on the second and later pages, below the running head.
const CONTINUED_TOP: f32 = TOP + 38.0;

/// The greatest height that fits a page together with the head of a table.
pub const TALLEST: f32 = BOTTOM - CONTINUED_TOP - 60.0;

/// State of the layout.
pub struct Flow<'f> {
    pub canvas: Canvas,
    pub shaper: Shaper<'f>,
    pub accent: Colour,
    pub y: f32,
    /// What the second and later pages say at the top.
    running_head: (String, String),
}

/// Lines one below the other, of which each may be a different size.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub lines: Vec<Line>,
}

/// Which edge text keeps to: where lines start, or where they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Start,
    End,
}

impl<'f> Flow<'f> {
    pub fn new(fonts: &'f Fonts, invoice: &InvoiceDocument) -> Self {
        let is_right_to_left = invoice.is_right_to_left();
        Self {
            canvas: Canvas::new(is_right_to_left),
            shaper: Shaper::new(fonts, is_right_to_left),
            accent: colour::accent(&invoice.organization),
            y: TOP,
            running_head: (invoice.organization.name.clone(), invoice.title.clone()),
        }
    }

    pub fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Goes to a new page unless `height` fits on this one.
    pub fn reserve(&mut self, height: f32) {
        if !self.fits(height) {
            self.start_page();
        }
    }

    pub fn start_page(&mut self) {
        self.canvas.add_page();
        let (left, right) = self.running_head.clone();
        let right = self.shaper.fitted(&right, LABEL, WIDTH * 0.45);
        let left = self.shaper.fitted(&left, LABEL, WIDTH * 0.45);
        self.canvas.text(RIGHT - right.width, TOP, right, None);
        self.canvas.text(LEFT, TOP, left, None);
        self.canvas.filled(Area { x: LEFT, y: TOP + 20.0, width: WIDTH, height: HAIRLINE }, 0.0, FAINT_RULE);
        self.y = CONTINUED_TOP;
    }

    pub fn rule(&mut self, colour: Colour) {
        self.canvas.filled(Area { x: LEFT, y: self.y, width: WIDTH, height: HAIRLINE }, 0.0, colour);
    }

    pub fn block(&mut self, parts: &[(&str, Style)], width: f32) -> Block {
        let mut block = Block::default();
        for (text, style) in parts {
            block.lines.extend(self.shaper.wrapped(text, *style, width));
        }
        block
    }

    /// Draws a block whose top is at `y` between `x` and `x + width`.
    pub fn draw(&mut self, block: Block, (x, y, width): (f32, f32, f32), align: Align, owner: Option<Element>) {
        let mut top = y;
        for line in block.lines {
            let leading = line.style.leading;
            let start = match align {
                Align::Start => x,
                Align::End => x + width - line.width,
            };
            self.canvas.text(start, top, line, owner);
            top += leading;
        }
    }
}

impl Block {
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.style.leading).sum()
    }

    /// Takes lines off the front that together are no taller than `height`, at least one.
    pub fn take(&mut self, height: f32) -> Block {
        let mut used = 0.0;
        let mut count = 0;
        for line in &self.lines {
            used += line.style.leading;
            if count > 0 && used > height {
                break;
            }
            count += 1;
        }
        Block { lines: self.lines.drain(..count).collect() }
    }
}
