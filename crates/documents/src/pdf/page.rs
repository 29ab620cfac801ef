//! What stands around the tables: letterhead, facts, addresses, totals, notes and footers.

use super::canvas::{Area, Role};
use super::flow::{Align, Block, Flow};
use super::styles::{
    BADGE, BODY, BOTTOM, BRAND, DUE, FOOTER_TOP, HEADING, HERO, LABEL, LEFT, QUIET, RIGHT, STRONG, TITLE, WIDTH,
};
use crate::colour::{self, INK, RULE};
use crate::fonts::Weight;
use crate::invoice::{InvoiceDocument, Total};
use crate::text::Style;

const MARK_SIZE: f32 = 26.0;
const TOTALS_WIDTH: f32 = 228.0;
const GAP: f32 = 20.0;

/// The sender's mark and name, the status, and the title.
pub fn letterhead(flow: &mut Flow, invoice: &InvoiceDocument) {
    let top = flow.y;
    let group = flow.canvas.element(Role::Group, None);
    mark(flow, invoice, top);
    let name = flow.canvas.element(Role::Paragraph, Some(group));
    let line = flow.shaper.fitted(&invoice.organization.name, BRAND, WIDTH * 0.65);
    flow.canvas.text(LEFT + MARK_SIZE + 10.0, top + (MARK_SIZE - BRAND.leading) / 2.0, line, Some(name));
    flow.y = top + MARK_SIZE + 23.0;
    let title = flow.canvas.element(Role::Title, Some(group));
    let line = flow.shaper.fitted(&invoice.words.invoice, TITLE, WIDTH * 0.6);
    let after_title = LEFT + line.width + 14.0;
    flow.canvas.text(LEFT, flow.y, line, Some(title));
    badge(flow, invoice, after_title, flow.y + 6.5);
    flow.y += TITLE.leading + 14.0;
}

/// Number, dates and period in columns between two rules.
pub fn facts(flow: &mut Flow, invoice: &InvoiceDocument) {
    let facts = invoice.facts();
    let starts = [0.0, 0.22, 0.46, 0.70, 1.0];
    flow.rule(RULE);
    flow.y += 11.0;
    let mut lowest = flow.y;
    for (index, (label, value)) in facts.into_iter().enumerate() {
        let x = LEFT + WIDTH * starts[index];
        let width = WIDTH * (starts[index + 1] - starts[index]) - 12.0;
        let owner = flow.canvas.element(Role::Paragraph, None);
        let block = flow.block(&[(label, LABEL), (value, STRONG)], width);
        lowest = lowest.max(flow.y + block.height());
        flow.draw(block, (x, flow.y, width), Align::Start, Some(owner));
    }
    flow.y = lowest + 11.0;
    flow.rule(RULE);
    flow.y += 20.0;
}

/// Sender, recipient and what is due.
pub fn parties(flow: &mut Flow, invoice: &InvoiceDocument) {
    let words = &invoice.words;
    let width = WIDTH / 3.0 - GAP;
    let organization = &invoice.organization;
    let sender = party(&words.from, &organization.name, &organization.address_lines, &organization.email);
    let customer = &invoice.customer;
    let mut recipient = party(&words.bill_to, &customer.name, &customer.address_lines, &customer.email);
    let reference = format!("{} {}", words.reference, customer.reference);
    if !customer.reference.is_empty() {
        recipient.push((&reference, QUIET));
    }
    let top = flow.y;
    let mut lowest = top;
    for (parts, start) in [(sender, 0.0), (recipient, 1.0)] {
        let owner = flow.canvas.element(Role::Paragraph, None);
        let block = flow.block(&parts, width).take(BOTTOM - top);
        lowest = lowest.max(top + block.height());
        flow.draw(block, (LEFT + start * WIDTH / 3.0, top, width), Align::Start, Some(owner));
    }
    lowest = lowest.max(amount_due(flow, invoice, top));
    flow.y = lowest + 25.0;
}

/// The sum, kept together on one page as long as it is not taller than one.
pub fn totals(flow: &mut Flow, invoice: &InvoiceDocument) {
    flow.y += 9.0;
    let rows: Vec<(&Total, Block, Block)> = invoice.totals.iter().map(|total| total_row(flow, total)).collect();
    let height = |(total, label, amount): &(&Total, Block, Block)| {
        label.height().max(amount.height()) + if total.emphasis { 17.0 } else { 4.0 }
    };
    flow.reserve(rows.iter().map(height).sum::<f32>().min(super::flow::TALLEST));
    let table = flow.canvas.element(Role::Table, None);
    let left = RIGHT - TOTALS_WIDTH;
    for entry in rows {
        let needed = height(&entry);
        flow.reserve(needed);
        let (total, label, amount) = entry;
        let mut top = flow.y + 2.0;
        if total.emphasis {
            let area = Area { x: left, y: flow.y + 5.0, width: TOTALS_WIDTH, height: 1.0 };
            flow.canvas.filled(area, 0.0, INK);
            top = flow.y + 12.0;
        }
        let row = flow.canvas.element(Role::Row, Some(table));
        let (head, cell) = (flow.canvas.element(Role::Cell, Some(row)), flow.canvas.element(Role::Cell, Some(row)));
        flow.draw(label, (left, top, TOTALS_WIDTH), Align::Start, Some(head));
        flow.draw(amount, (left, top, TOTALS_WIDTH), Align::End, Some(cell));
        flow.y += needed;
    }
    flow.y += 19.0;
}

/// Notes and the closing line.
pub fn notes(flow: &mut Flow, invoice: &InvoiceDocument) {
    if let Some(notes) = invoice.notes.as_deref().filter(|notes| !notes.trim().is_empty()) {
        flow.reserve(HEADING.leading + 2.0 * BODY.leading);
        let heading = flow.canvas.element(Role::Heading, None);
        let block = flow.block(&[(&invoice.words.notes, HEADING)], WIDTH);
        flow.draw(block, (LEFT, flow.y, WIDTH), Align::Start, Some(heading));
        flow.y += HEADING.leading + 2.0;
        paragraph(flow, notes, QUIET);
        flow.y += 9.0;
    }
    paragraph(flow, &invoice.words.thank_you, QUIET);
}

/// Sender and page number at the foot of every page.
pub fn footers(flow: &mut Flow, invoice: &InvoiceDocument) {
    let organization = &invoice.organization;
    let parts = [organization.name.as_str(), organization.email.as_str()];
    let sender: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let pages = flow.canvas.page_count();
    for page in 0..pages {
        let counted = invoice
            .words
            .page_of_pages
            .replace("{page}", &(page + 1).to_string())
            .replace("{pages}", &pages.to_string());
        let left = flow.shaper.fitted(&sender.join("  ·  "), LABEL, WIDTH * 0.7);
        let right = flow.shaper.fitted(&counted, LABEL, WIDTH * 0.25);
        let start = RIGHT - right.width;
        flow.canvas.text_on(page, (LEFT, FOOTER_TOP), left, None);
        flow.canvas.text_on(page, (start, FOOTER_TOP), right, None);
    }
}

/// A square with the sender's initial, standing in for a logo.
fn mark(flow: &mut Flow, invoice: &InvoiceDocument, top: f32) {
    let accent = flow.accent;
    let area = Area { x: LEFT, y: top, width: MARK_SIZE, height: MARK_SIZE };
    flow.canvas.filled(area, 7.0, accent);
    let style = Style { weight: Weight::SemiBold, size: 13.0, leading: MARK_SIZE, colour: accent.text_on() };
    let initial = invoice.organization.initial();
    let line = flow.shaper.fitted(&initial, style, MARK_SIZE - 6.0);
    flow.canvas.text(LEFT + (MARK_SIZE - line.width) / 2.0, top, line, None);
}

fn badge(flow: &mut Flow, invoice: &InvoiceDocument, x: f32, y: f32) {
    if invoice.status.is_empty() {
        return;
    }
    let (text, background) = colour::status(invoice.status_kind);
    let line = flow.shaper.fitted(&invoice.status, Style { colour: text, ..BADGE }, RIGHT - x - 16.0);
    let area = Area { x, y, width: line.width + 16.0, height: 19.0 };
    flow.canvas.filled(area, 9.5, background);
    let owner = flow.canvas.element(Role::Paragraph, None);
    flow.canvas.text(x + 8.0, y + (19.0 - BADGE.leading) / 2.0, line, Some(owner));
}

fn party<'a>(label: &'a str, name: &'a str, address: &'a [String], email: &'a str) -> Vec<(&'a str, Style)> {
    let spaced = Style { leading: 17.0, ..LABEL };
    let mut parts = vec![(label, spaced), (name, STRONG)];
    parts.extend(address.iter().map(|line| (line.as_str(), BODY)));
    parts.push((email, QUIET));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

/// Returns where it ends.
fn amount_due(flow: &mut Flow, invoice: &InvoiceDocument, top: f32) -> f32 {
    if invoice.amount_due.is_empty() {
        return top;
    }
    let (x, width) = (LEFT + 2.0 * WIDTH / 3.0, WIDTH / 3.0);
    let owner = flow.canvas.element(Role::Paragraph, None);
    let mut block = flow.block(&[(&invoice.words.amount_due, Style { leading: 17.0, ..LABEL })], width);
    let large = flow.shaper.line(&invoice.amount_due, HERO);
    // a figure is made smaller or broken, but never cut off
    let amount = if large.width <= width { vec![large] } else { flow.shaper.wrapped(&invoice.amount_due, DUE, width) };
    block.lines.extend(amount);
    if let Some(due_by) = invoice.due_by() {
        block.lines.extend(flow.shaper.wrapped(due_by, QUIET, width));
    }
    let end = top + block.height();
    flow.draw(block, (x, top, width), Align::End, Some(owner));
    end
}

fn total_row<'a>(flow: &mut Flow, total: &'a Total) -> (&'a Total, Block, Block) {
    let (label, amount) = if total.emphasis { (DUE, DUE) } else { (QUIET, BODY) };
    let amount = flow.block(&[(&total.amount, amount)], TOTALS_WIDTH * 0.72);
    let taken = amount.lines.iter().map(|line| line.width).fold(0.0, f32::max);
    let label = flow.block(&[(&total.label, label)], TOTALS_WIDTH - taken - 14.0);
    (total, label, amount)
}

/// Text over the full width that may run on to the next page.
fn paragraph(flow: &mut Flow, text: &str, style: Style) {
    if text.is_empty() {
        return;
    }
    let owner = flow.canvas.element(Role::Paragraph, None);
    for line in flow.shaper.wrapped(text, style, WIDTH * 0.86) {
        flow.reserve(style.leading);
        flow.canvas.text(LEFT, flow.y, line, Some(owner));
        flow.y += style.leading;
    }
}
