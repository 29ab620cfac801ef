//! An invoice in Arabic: mirrored, its letters joined, and read in the order in which it was written.

use documents::{Charge, InvoiceDocument, Section, StatusKind, Total, Words};
use lopdf::content::Operation;
use lopdf::{Document, Encoding, Object, ObjectId};

fn arabic() -> InvoiceDocument {
    let text = str::to_owned;
    let charge = Charge {
        description: text("رسوم شهرية (Basic)"),
        quantity: text("2"),
        unit_price: text("\u{200f}165.00 $"),
        amount: text("\u{200f}330.00 $"),
        explanation: Some(text("165.00 × 2 = 330.00")),
        ..Charge::default()
    };
    let total = |label, amount, emphasis| Total { label: text(label), amount: text(amount), emphasis };
    InvoiceDocument {
        locale: text("ar"),
        words: words(),
        title: text("فاتورة 1019"),
        status: text("مستحقة"),
        status_kind: StatusKind::Outstanding,
        invoice_date: text("20\u{200f}/09\u{200f}/2011"),
        due_date: text("20\u{200f}/10\u{200f}/2011"),
        due_by: text("تستحق في 20\u{200f}/10\u{200f}/2011"),
        billing_period: text("20\u{200f}/09\u{200f}/2011 – 30\u{200f}/09\u{200f}/2011"),
        amount_due: text("\u{200f}330.00 $"),
        sections: vec![Section { title: text("الاستضافة"), period: String::new(), charges: vec![charge] }],
        totals: vec![total("المجموع", "\u{200f}330.00 $", false), total("المبلغ المستحق", "\u{200f}330.00 $", true)],
        notes: Some(format!("كلمة Basic {}", "كلمات كثيرة تملأ سطرا ".repeat(12))),
        ..InvoiceDocument::sample()
    }
}

fn words() -> Words {
    let text = str::to_owned;
    Words {
        invoice: text("فاتورة"),
        invoice_number: text("رقم الفاتورة"),
        description: text("الوصف"),
        quantity: text("الكمية"),
        unit_price: text("سعر الوحدة"),
        amount: text("المبلغ"),
        amount_due: text("المبلغ المستحق"),
        page_of_pages: text("صفحة {page} من {pages}"),
        thank_you: text("شكرا لتعاملكم معنا."),
        ..InvoiceDocument::sample().words
    }
}

/// A line as it is seen: its parts from left to right, each as it is read.
struct Seen {
    parts: Vec<(f32, String)>,
}

impl Seen {
    /// A line that starts at the right.
    fn read(&self) -> String {
        self.parts.iter().rev().map(|(_, text)| text.as_str()).collect()
    }

    fn left(&self) -> f32 {
        self.parts[0].0
    }
}

/// What a reader does that knows reversed characters and replaced text (ISO 32000, 14.8.2.3.3 and 14.9.4).
#[derive(Default)]
struct Reader<'d> {
    lines: Vec<Seen>,
    marks: Vec<Mark>,
    encoding: Option<Encoding<'d>>,
    /// Pieces of the part that is being read, and whether it is reversed.
    pieces: Vec<String>,
    is_reversed: bool,
    x: f32,
}

#[derive(Clone, PartialEq)]
enum Mark {
    Line,
    Reversed,
    Replaced(String),
}

fn lines(invoice: &InvoiceDocument) -> Vec<Seen> {
    let bytes = documents::pdf(invoice).expect("rendered");
    let document = Document::load_mem(&bytes).expect("a valid PDF");
    document.get_pages().values().flat_map(|page| lines_of(&document, *page)).collect()
}

fn lines_of(document: &Document, page: ObjectId) -> Vec<Seen> {
    let fonts = document.get_page_fonts(page).expect("fonts");
    let content = document.get_and_decode_page_content(page).expect("content");
    let mut reader = Reader::default();
    for Operation { operator, operands } in &content.operations {
        match operator.as_str() {
            "Tf" => {
                let font = fonts[operands[0].as_name().expect("a name")];
                reader.encoding = Some(font.get_font_encoding(document).expect("an encoding"));
            }
            "Tm" if reader.pieces.is_empty() => reader.x = operands[4].as_float().expect("a number"),
            "BMC" | "BDC" => reader.begin(operands),
            "EMC" => reader.end(),
            "Tj" => reader.show(operands[0].as_str().expect("text")),
            "TJ" => {
                let parts = operands[0].as_array().expect("an array");
                parts.iter().filter_map(|part| part.as_str().ok()).for_each(|text| reader.show(text));
            }
            "ET" => reader.part(),
            _ => {}
        }
    }
    reader.lines
}

impl Reader<'_> {
    fn begin(&mut self, operands: &[Object]) {
        let replacement = operands.get(1).and_then(|of| of.as_dict().ok()).and_then(|of| of.get(b"ActualText").ok());
        let mark = match (operands[0].as_name().expect("a name"), replacement) {
            (b"ReversedChars", _) => Mark::Reversed,
            (_, Some(text)) => Mark::Replaced(lopdf::decode_text_string(text).expect("text")),
            (_, None) => {
                self.lines.push(Seen { parts: Vec::new() });
                Mark::Line
            }
        };
        self.is_reversed |= mark == Mark::Reversed;
        self.marks.push(mark);
    }

    fn end(&mut self) {
        if let Some(Mark::Replaced(text)) = self.marks.pop() {
            self.pieces.push(text);
        }
    }

    fn show(&mut self, codes: &[u8]) {
        if self.marks.iter().any(|mark| matches!(mark, Mark::Replaced(_))) {
            return;
        }
        let encoding = self.encoding.as_ref().expect("a font");
        for code in codes.chunks(2) {
            assert_ne!(code, [0, 0], "a missing glyph");
            self.pieces.push(Document::decode_text(encoding, code).expect("mapped"));
        }
    }

    fn part(&mut self) {
        if self.is_reversed {
            self.pieces.reverse();
        }
        let text = self.pieces.concat();
        if let Some(line) = self.lines.last_mut() {
            line.parts.push((self.x, text));
        }
        self.pieces.clear();
        self.is_reversed = false;
    }
}

/// The line of which this is the text, whatever marks of direction are in it.
fn find<'l>(lines: &'l [Seen], text: &str) -> &'l Seen {
    let read: Vec<String> = lines.iter().map(|line| line.read().replace('\u{200f}', "")).collect();
    let found = read.iter().position(|line| line.trim() == text);
    &lines[found.unwrap_or_else(|| panic!("{text} is missing in {read:#?}"))]
}

#[test]
fn it_is_read_in_the_order_in_which_it_was_written() {
    let lines = lines(&arabic());
    for text in [
        "فاتورة",
        "رقم الفاتورة",
        "المبلغ المستحق",
        "صفحة 1 من 1",
        "تستحق في 20/10/2011",
        "شكرا لتعاملكم معنا.",
        "رسوم شهرية (Basic)",
        "165.00 × 2 = 330.00",
        "Visa ending in 4242",
    ] {
        find(&lines, text);
    }
}

#[test]
fn a_day_reads_from_the_right_and_a_figure_from_the_left() {
    let lines = lines(&arabic());
    let parts =
        |text| find(&lines, text).parts.iter().map(|(_, part)| part.replace('\u{200f}', "")).collect::<Vec<_>>();
    assert_eq!(parts("20/09/2011"), ["2011", "/", "09", "/", "20"]);
    assert_eq!(parts("330.00 $"), [" $", "330.00"]);
    assert_eq!(parts("رسوم شهرية (Basic)"), [")", "Basic", " (", "شهرية", " ", "رسوم"]);
}

#[test]
fn what_stands_left_elsewhere_stands_right_here() {
    let (mirrored, plain) = (lines(&arabic()), lines(&InvoiceDocument { locale: "en".to_owned(), ..arabic() }));
    let order = |lines: &[Seen]| {
        let columns = ["الوصف", "الكمية", "سعر الوحدة", "المبلغ"].map(|title| find(lines, title).left());
        columns
            .is_sorted_by(|one, next| one < next)
            .then_some("to the right")
            .or_else(|| columns.is_sorted_by(|one, next| one > next).then_some("to the left"))
    };
    assert_eq!((order(&mirrored), order(&plain)), (Some("to the left"), Some("to the right")));
}

#[test]
fn a_long_text_goes_on_in_the_next_line() {
    let invoice = arabic();
    let notes = invoice.notes.clone().expect("notes");
    let lines = lines(&invoice);
    let read: Vec<String> = lines.iter().map(Seen::read).collect();
    let first = read.iter().position(|line| line.starts_with("كلمة Basic")).expect("the notes");
    let count = read[first..].iter().take_while(|line| line.contains("كلمات")).count();
    assert!(count > 1, "{read:?}");
    assert_eq!(read[first..first + count].concat().trim_end(), notes.trim_end());
    let ends: Vec<f32> = lines[first..first + count].iter().map(|line| line.parts.last().expect("text").0).collect();
    assert!(ends.iter().all(|end| *end > 450.0), "each line starts at the right: {ends:?}");
}

#[test]
fn the_page_runs_from_right_to_left_and_what_is_foreign_by_itself() {
    let page = documents::html(&arabic()).expect("rendered");
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(page.contains("<bdi>رسوم شهرية (Basic)</bdi>") && page.contains("<p><bdi>Lindengasse 12</bdi></p>"));
    for physical in ["padding: .6875rem 0 .6875rem", "text-align: left", "text-align: right", "margin-left"] {
        assert!(!page.contains(physical), "{physical}");
    }
}
