//! Text to glyphs: runs by font and direction, shaping, and breaking into lines.

mod breaks;
mod direction;

use std::collections::HashMap;
use std::ops::Range;

use harfrust::{Buffer, Direction, Script, ShapeOptions, ShapePlan, ShaperFont};

use crate::colour::Colour;
use crate::fonts::{FaceIndex, Fonts, Shown, Weight};

use breaks::may_break;
use direction::{Level, Levels};

/// How text looks. Lengths are in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub weight: Weight,
    pub size: f32,
    /// Height of a line.
    pub leading: f32,
    pub colour: Colour,
}

/// How far a line is made smaller before it is cut off.
const SMALLEST_FIT: f32 = 0.8;

/// A shaped glyph; lengths are in ems.
#[derive(Debug, Clone)]
pub struct Glyph {
    pub face: FaceIndex,
    pub id: u32,
    pub advance: f32,
    pub offset: (f32, f32),
    /// Bytes of the text that it shows.
    pub range: Range<usize>,
    level: Level,
}

impl Glyph {
    /// Whether both belong to one stretch of one font that runs in one direction.
    pub fn is_drawn_with(&self, next: &Glyph) -> bool {
        (self.face, self.level) == (next.face, next.level)
    }
}

/// Glyphs of a text that is drawn on one line. `width` leaves out spaces at the end.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    /// In the order in which the text is read.
    glyphs: Vec<Glyph>,
    pub width: f32,
    pub style: Style,
    base: Level,
}

/// Turns texts into lines; remembers shaping plans for the length of one document.
pub struct Shaper<'f> {
    fonts: &'f Fonts,
    shaped: Vec<ShaperFont<'f, 'static>>,
    plans: HashMap<(FaceIndex, Level, Option<Script>), ShapePlan>,
    buffer: Buffer,
    /// Of the document: how a text runs that does not say so itself, such as a figure.
    base: Level,
}

/// Characters that one font shows in one direction: where each stands in the text, and as what it is shown.
#[derive(Default)]
struct Run {
    face: FaceIndex,
    level: Level,
    characters: Vec<(usize, char)>,
}

impl<'f> Shaper<'f> {
    pub fn new(fonts: &'f Fonts, is_right_to_left: bool) -> Self {
        Self {
            fonts,
            base: Level::base(is_right_to_left),
            shaped: fonts.faces.iter().map(|face| ShaperFont::new(&face.shaped)).collect(),
            plans: HashMap::new(),
            buffer: Buffer::new(),
        }
    }

    /// The whole text on one line, however long.
    pub fn line(&mut self, text: &str, style: Style) -> Line {
        let text = one_line(text);
        let levels = Levels::of(&text, self.base);
        let glyphs = self.glyphs(&text, &levels, style.weight);
        Line::new(text, glyphs, style, levels.base)
    }

    /// One line no wider than `width`: a little smaller if that helps, else cut off with an ellipsis.
    pub fn fitted(&mut self, text: &str, style: Style, width: f32) -> Line {
        let line = self.line(text, style);
        if line.width <= width {
            return line;
        }
        let smaller = (style.size * width / line.width).max(style.size * SMALLEST_FIT);
        let line = self.line(text, Style { size: smaller, ..style });
        if line.width <= width + 0.01 {
            return line;
        }
        let room = width - line.style.size;
        let style = line.style;
        let start = line.wrapped(room).swap_remove(0);
        self.line(&format!("{}…", start.text.trim_end()), style)
    }

    /// The text in lines no wider than `width`; line breaks of the text are kept.
    pub fn wrapped(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        text.lines().flat_map(|paragraph| self.line(paragraph, style).wrapped(width)).collect()
    }

    fn glyphs(&mut self, text: &str, levels: &Levels, weight: Weight) -> Vec<Glyph> {
        let mut glyphs = Vec::with_capacity(text.len());
        let mut run = Run::default();
        for (offset, character) in text.char_indices() {
            let previous = (!run.characters.is_empty()).then_some(run.face);
            let Some(Shown { face, character }) = self.fonts.show(character, weight, previous) else {
                continue;
            };
            let level = levels.at(offset);
            if previous.is_some() && (face, level) != (run.face, run.level) {
                self.shape(&run, &mut glyphs);
                run.characters.clear();
            }
            (run.face, run.level) = (face, level);
            run.characters.push((offset, character));
        }
        if !run.characters.is_empty() {
            self.shape(&run, &mut glyphs);
        }
        close_ranges(&mut glyphs, text.len());
        glyphs
    }

    /// Appends the glyphs of a run; `range.end` is filled in later.
    fn shape(&mut self, run: &Run, glyphs: &mut Vec<Glyph>) {
        let &Run { face, level, .. } = run;
        self.buffer.reset();
        for (offset, character) in &run.characters {
            let cluster = u32::try_from(*offset).expect("a text on an invoice is shorter than 4 GiB");
            self.buffer.push(u32::from(*character), cluster);
        }
        let direction = if level.is_right_to_left() { Direction::RightToLeft } else { Direction::LeftToRight };
        self.buffer.guess_segment_properties();
        self.buffer.set_direction(direction);
        let script = self.buffer.script();
        let plan = self
            .plans
            .entry((face, level, script))
            .or_insert_with(|| ShapePlan::new(&self.fonts.faces[face].shaped, direction, script, None, &[]));
        let options = ShapeOptions::new().plan(Some(plan));
        harfrust::shape(&self.shaped[face], &mut self.buffer, options)
            .expect("the plan was made for this direction and script");
        let em = f32::from(self.fonts.faces[face].shaped.units_per_em());
        let shaped = self.buffer.glyph_infos().iter().zip(self.buffer.glyph_positions()).map(|(info, position)| {
            let start = info.cluster as usize;
            Glyph {
                face,
                id: info.glyph_id,
                advance: ems(position.x_advance, em),
                offset: (ems(position.x_offset, em), ems(position.y_offset, em)),
                range: start..start,
                level,
            }
        });
        // They come as they are seen from left to right, and are kept as they are read.
        if level.is_right_to_left() { glyphs.extend(shaped.rev()) } else { glyphs.extend(shaped) }
    }
}

impl Line {
    fn new(text: String, mut glyphs: Vec<Glyph>, style: Style, base: Level) -> Self {
        let inked = text.trim_end().len();
        let ems: f32 = glyphs.iter().filter(|glyph| glyph.range.start < inked).map(|glyph| glyph.advance).sum();
        // Spaces at the end stand where the line ends, whatever they follow.
        glyphs.iter_mut().filter(|glyph| glyph.range.start >= inked).for_each(|glyph| glyph.level = base);
        Self { text, glyphs, width: ems * style.size, style, base }
    }

    /// The glyphs from left to right.
    pub fn drawn(&self) -> Vec<Glyph> {
        let mut glyphs = self.glyphs.clone();
        direction::reorder(&mut glyphs, |glyph| glyph.level);
        glyphs
    }

    /// How far spaces at the end reach out of the line to the left.
    pub fn hanging(&self) -> f32 {
        if !self.base.is_right_to_left() {
            return 0.0;
        }
        self.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * self.style.size - self.width
    }

    /// Breaks at spaces and hyphens, between East Asian characters and, where a word alone is too wide, inside it.
    pub fn wrapped(self, width: f32) -> Vec<Line> {
        if self.width <= width {
            return vec![self];
        }
        let limit = width / self.style.size;
        let mut lines = Vec::new();
        let mut start = 0;
        let mut candidate = None;
        let mut used = 0.0;
        for index in 0..self.glyphs.len() {
            let glyph = &self.glyphs[index];
            let at = glyph.range.start;
            let begins_cluster = index > start && self.glyphs[index - 1].range.start != at;
            if begins_cluster && may_break(&self.text, at) {
                candidate = Some(index);
            }
            let is_space = self.text[at..].starts_with(char::is_whitespace);
            if begins_cluster && !is_space && used + glyph.advance > limit {
                let cut = candidate.take().unwrap_or(index);
                lines.push(self.cut(start..cut));
                used = self.glyphs[cut..index].iter().map(|moved| moved.advance).sum();
                start = cut;
            }
            used += self.glyphs[index].advance;
        }
        lines.push(self.cut(start..self.glyphs.len()));
        lines
    }

    fn cut(&self, glyphs: Range<usize>) -> Line {
        let mut glyphs = self.glyphs[glyphs].to_vec();
        let from = glyphs.first().map_or(0, |glyph| glyph.range.start);
        let until = glyphs.last().map_or(from, |glyph| glyph.range.end);
        for glyph in &mut glyphs {
            glyph.range = glyph.range.start - from..glyph.range.end - from;
        }
        Line::new(self.text[from..until].to_owned(), glyphs, self.style, self.base)
    }
}

/// Each cluster reaches to where the next one starts, so that invisible characters are kept in copied text.
fn close_ranges(glyphs: &mut [Glyph], text_length: usize) {
    let mut end = text_length;
    let mut next_start = text_length;
    for glyph in glyphs.iter_mut().rev() {
        if glyph.range.start != next_start {
            end = next_start;
            next_start = glyph.range.start;
        }
        glyph.range.end = end;
    }
    if let Some(first) = glyphs.first().map(|glyph| glyph.range.start) {
        for glyph in glyphs.iter_mut().take_while(|glyph| glyph.range.start == first) {
            glyph.range.start = 0;
        }
    }
}

fn one_line(text: &str) -> String {
    text.trim().chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[expect(clippy::cast_precision_loss, reason = "font units are far below 2^23")]
fn ems(units: i32, units_per_em: f32) -> f32 {
    units as f32 / units_per_em
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::INK;
    use crate::fonts::fonts;

    const STYLE: Style = Style { weight: Weight::Regular, size: 10.0, leading: 14.0, colour: INK };

    fn wrapped(text: &str, width: f32) -> Vec<String> {
        Shaper::new(fonts(), false).wrapped(text, STYLE, width).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn lines_end_after_words_and_lose_no_text() {
        assert_eq!(wrapped("alpha beta gamma", 60.0), ["alpha beta ", "gamma"]);
        assert_eq!(wrapped("one\ntwo", 200.0), ["one", "two"]);
        assert_eq!(wrapped("山田太郎、山田花子。", 45.0), ["山田太", "郎、山田", "花子。"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken() {
        let lines = wrapped(&"x".repeat(100), 50.0);
        assert!(lines.len() > 5, "{lines:?}");
        assert_eq!(lines.concat(), "x".repeat(100));
    }

    #[test]
    fn an_amount_is_not_torn_from_its_sign_or_its_currency() {
        assert_eq!(wrapped("total -60.50", 40.0), ["total ", "-60.50"]);
        assert_eq!(wrapped("total 60.50\u{a0}€", 45.0), ["total ", "60.50\u{a0}€"]);
    }

    #[test]
    fn letters_take_the_form_of_their_place_in_the_word() {
        let mut shaper = Shaper::new(fonts(), true);
        let line = shaper.line("ببب ب", STYLE);
        let ids: Vec<u32> = line.glyphs.iter().filter(|of| of.face != 0 && of.advance > 0.2).map(|of| of.id).collect();
        let mut distinct = ids.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!((ids.len(), distinct.len()), (4, 4), "initial, medial, final, isolated: {:?}", line.glyphs);
        let with_joiner = shaper.line("ب\u{200d}", STYLE);
        assert_eq!(with_joiner.glyphs[0].id, ids[0], "a joiner keeps the letter open");
    }

    #[test]
    fn spaces_at_the_end_hang_out_where_the_line_ends() {
        let mut lines = Shaper::new(fonts(), true).wrapped("كلمة كلمة", STYLE, 30.0);
        let (second, first) = (lines.remove(1), lines.remove(0));
        assert!(first.hanging() > 2.0 && second.hanging() == 0.0);
        assert!(first.drawn()[0].range.start == first.text.trim_end().len(), "the space is at the left");
    }

    #[test]
    fn figures_are_as_wide_as_each_other() {
        let mut shaper = Shaper::new(fonts(), false);
        let widths: Vec<f32> = ["1111.11", "8888.88"].map(|text| shaper.line(text, STYLE).width).into();
        assert!((widths[0] - widths[1]).abs() < 0.01, "{widths:?}");
    }

    #[test]
    fn every_byte_belongs_to_a_glyph() {
        for text in ["Zoë Łukasz 山田", "e\u{301}\u{200d}x\u{fe0f}", "\u{200b}a", "שלום עולם", "🦀 −5"]
        {
            let line = Shaper::new(fonts(), false).line(text, STYLE);
            let mut reached = 0;
            for glyph in &line.glyphs {
                assert!(glyph.range.start <= reached && glyph.range.end >= reached, "{text:?} {:?}", line.glyphs);
                reached = glyph.range.end;
            }
            assert_eq!(reached, text.len(), "{text:?}");
        }
    }
}
