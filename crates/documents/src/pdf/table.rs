//! Tables that fit their columns to what is in them, repeat their head and never tear a row that fits a page.

use super::canvas::{Area, Element, Role};
use super::flow::{Align, Block, Flow, TALLEST};
use super::styles::{BODY, HAIRLINE, HEADING, LABEL, LEFT, STRONG, WIDTH};
use crate::colour::{FAINT_RULE, RULE};
use crate::invoice::{Charge, InvoiceDocument, Section};
use crate::text::{Line, Style};

const GAP: f32 = 22.0;
/// No column but the widest takes more than this; longer values are broken.
const WIDEST_COLUMN: f32 = 124.0;
const PADDING: f32 = 5.0;

/// A table before its columns have a width.
struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Column {
    title: String,
    align: Align,
    /// Takes the room that the others leave.
    elastic: bool,
    x: f32,
    width: f32,
}

enum Row {
    /// A title over the rows that follow, with a remark at the right.
    Band(String, String),
    /// Lines for each column, not yet broken; the last of a group has a rule below it.
    Cells(Vec<Vec<Line>>),
}

/// A row that is ready to be drawn.
struct Placed {
    cells: Vec<(usize, Block)>,
    above: f32,
    below: f32,
    rule: bool,
    /// Must not be the last on its page.
    leads: bool,
}

/// The invoice's lines.
pub fn charges(flow: &mut Flow, invoice: &InvoiceDocument) {
    let words = &invoice.words;
    let columns = vec![
        Column::new(&words.description, Align::Start, true),
        Column::new(&words.quantity, Align::End, false),
        Column::new(&words.unit_price, Align::End, false),
        Column::new(&words.amount, Align::End, false),
    ];
    let mut rows = Vec::new();
    for section in &invoice.sections {
        if !section.title.is_empty() || !section.period.is_empty() {
            rows.push(Row::Band(section.title.clone(), section.period.clone()));
        }
        for charge in &section.charges {
            rows.push(charge_row(flow, section, charge));
        }
    }
    Table { columns, rows }.draw(flow);
}

/// What was paid, if anything.
pub fn payments(flow: &mut Flow, invoice: &InvoiceDocument) {
    if invoice.payments.is_empty() {
        return;
    }
    let words = &invoice.words;
    flow.reserve(HEADING.leading + 56.0);
    let heading = flow.canvas.element(Role::Heading, None);
    let block = flow.block(&[(&words.payments, HEADING)], WIDTH);
    flow.draw(block, (LEFT, flow.y, WIDTH), Align::Start, Some(heading));
    flow.y += HEADING.leading + 6.0;
    let columns = vec![
        Column::new(&words.payment_date, Align::Start, false),
        Column::new(&words.payment_method, Align::Start, true),
        Column::new(&words.payment_number, Align::Start, false),
        Column::new(&words.amount, Align::End, false),
    ];
    let mut row = |texts: [&String; 4]| Row::Cells(texts.map(|text| vec![flow.shaper.line(text, BODY)]).into());
    let rows = invoice
        .payments
        .iter()
        .map(|payment| row([&payment.date, &payment.method, &payment.number, &payment.amount]))
        .collect();
    Table { columns, rows }.draw(flow);
    flow.y += 17.0;
}

fn charge_row(flow: &mut Flow, section: &Section, charge: &Charge) -> Row {
    let mut description = vec![flow.shaper.line(&charge.description, BODY)];
    let remarks = [section.own_period(charge), charge.explanation.as_deref()];
    for remark in remarks.into_iter().flatten().filter(|remark| !remark.is_empty()) {
        description.push(flow.shaper.line(remark, LABEL));
    }
    let mut value = |text: &str, style: Style| vec![flow.shaper.line(text, style)];
    let quantity = value(&charge.quantity, BODY);
    let unit_price = value(&charge.unit_price, BODY);
    let amount = value(&charge.amount, BODY);
    Row::Cells(vec![description, quantity, unit_price, amount])
}

impl Column {
    fn new(title: &str, align: Align, elastic: bool) -> Self {
        Self { title: title.to_owned(), align, elastic, x: LEFT, width: 0.0 }
    }
}

impl Table {
    fn draw(mut self, flow: &mut Flow) {
        self.drop_empty_columns();
        self.measure(flow);
        let table = flow.canvas.element(Role::Table, None);
        let mut rows: Vec<Placed> = Vec::with_capacity(self.rows.len());
        for index in 0..self.rows.len() {
            rows.extend(self.place(flow, index));
        }
        flow.reserve(40.0 + needed(&rows, 0));
        self.draw_head(flow, Some(table));
        for index in 0..rows.len() {
            if !flow.fits(needed(&rows, index)) {
                flow.start_page();
                self.draw_head(flow, None);
            }
            self.draw_row(flow, table, &mut rows[index]);
        }
    }

    /// A column without a single value would only make the reader wonder.
    fn drop_empty_columns(&mut self) {
        for column in (0..self.columns.len()).rev() {
            let used = self.rows.iter().any(|row| match row {
                Row::Band(..) => false,
                Row::Cells(cells) => cells[column].iter().any(|line| !line.text.is_empty()),
            });
            if used || self.columns[column].elastic {
                continue;
            }
            self.columns.remove(column);
            for row in &mut self.rows {
                if let Row::Cells(cells) = row {
                    cells.remove(column);
                }
            }
        }
    }

    fn measure(&mut self, flow: &mut Flow) {
        for (index, column) in self.columns.iter_mut().enumerate() {
            let values = self.rows.iter().filter_map(|row| match row {
                Row::Band(..) => None,
                Row::Cells(cells) => cells[index].iter().map(|line| line.width).reduce(f32::max),
            });
            let title = flow.shaper.line(&column.title, LABEL).width;
            // rounding must not make a value that just fits break
            column.width = values.fold(title, f32::max).min(WIDEST_COLUMN) + 0.1;
        }
        let gaps = GAP * (1..self.columns.len()).map(|_| 1.0).sum::<f32>();
        let fixed: f32 = self.columns.iter().filter(|column| !column.elastic).map(|column| column.width).sum();
        let mut x = LEFT;
        for column in &mut self.columns {
            if column.elastic {
                column.width = WIDTH - gaps - fixed;
            }
            column.x = x;
            x += column.width + GAP;
        }
    }

    fn place(&self, flow: &mut Flow, index: usize) -> Vec<Placed> {
        let last_of_group = !matches!(self.rows.get(index + 1), Some(Row::Cells(_)));
        match &self.rows[index] {
            Row::Band(title, remark) => vec![self.band(flow, title, remark, index)],
            Row::Cells(cells) => {
                let blocks = cells.iter().zip(&self.columns).map(|(lines, column)| {
                    let lines = lines.iter().flat_map(|line| line.clone().wrapped(column.width));
                    Block { lines: lines.collect() }
                });
                let mut rows = torn(blocks.collect());
                if let Some(row) = rows.last_mut().filter(|_| last_of_group) {
                    row.rule = true;
                }
                rows
            }
        }
    }

    fn band(&self, flow: &mut Flow, title: &str, remark: &str, index: usize) -> Placed {
        let remark = flow.block(&[(remark, LABEL)], WIDTH * 0.45);
        let title = flow.block(&[(title, STRONG)], WIDTH * 0.5);
        let above = if index == 0 { 8.0 } else { 11.0 };
        Placed { cells: vec![(0, title), (self.columns.len(), remark)], above, below: 2.0, rule: false, leads: true }
    }

    /// On later pages the head is decoration: it was read on the first.
    fn draw_head(&self, flow: &mut Flow, table: Option<Element>) {
        let row = table.map(|table| flow.canvas.element(Role::Row, Some(table)));
        let mut height = 0.0_f32;
        for column in &self.columns {
            let owner = row.map(|row| flow.canvas.element(Role::ColumnHead, Some(row)));
            let block = flow.block(&[(&column.title, LABEL)], column.width);
            height = height.max(block.height());
            flow.draw(block, (column.x, flow.y, column.width), column.align, owner);
        }
        flow.y += height + 7.0;
        flow.rule(RULE);
        flow.y += 3.0;
    }

    fn draw_row(&self, flow: &mut Flow, table: Element, row: &mut Placed) {
        let height = row.height();
        let element = flow.canvas.element(Role::Row, Some(table));
        let top = flow.y + row.above;
        for (index, block) in row.cells.drain(..) {
            let owner = flow.canvas.element(Role::Cell, Some(element));
            match self.columns.get(index) {
                Some(_) if row.leads => flow.draw(block, (LEFT, top, WIDTH), Align::Start, Some(owner)),
                Some(column) => flow.draw(block, (column.x, top, column.width), column.align, Some(owner)),
                None => flow.draw(block, (LEFT, top + 0.6, WIDTH), Align::End, Some(owner)),
            }
        }
        flow.y += height;
        if row.rule {
            let area = Area { x: LEFT, y: flow.y - HAIRLINE, width: WIDTH, height: HAIRLINE };
            flow.canvas.filled(area, 0.0, FAINT_RULE);
        }
    }
}

impl Placed {
    fn height(&self) -> f32 {
        let tallest = self.cells.iter().map(|(_, block)| block.height()).fold(0.0, f32::max);
        self.above + tallest + self.below
    }
}

/// The height of a row together with what must stay with it.
fn needed(rows: &[Placed], index: usize) -> f32 {
    let Some(row) = rows.get(index) else {
        return 0.0;
    };
    let follower = rows.get(index + 1).filter(|_| row.leads);
    row.height() + follower.map_or(0.0, Placed::height)
}

/// One row, or several where it is taller than a page.
fn torn(mut blocks: Vec<Block>) -> Vec<Placed> {
    let mut rows = Vec::new();
    loop {
        let cells = blocks.iter_mut().map(|block| block.take(TALLEST)).enumerate().collect();
        rows.push(Placed { cells, above: PADDING, below: PADDING, rule: false, leads: false });
        if blocks.iter().all(|block| block.lines.is_empty()) {
            return rows;
        }
    }
}
