//! A reader that collects everything that is wrong with an element before anybody answers.
//!
//! ```
//! # use wire::{element::{Element, Limits}, reader};
//! let body = Element::parse(b"<customer><isBusinessAccount>maybe</isBusinessAccount></customer>", Limits::DEFAULT)?;
//! let problems = reader::read(&body, |customer| {
//!     let name = customer.required_text("name", 255);
//!     let is_business = customer.boolean("isBusinessAccount").or(false);
//!     Some((name?, is_business))
//! })
//! .unwrap_err();
//! let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
//! assert_eq!(messages, ["name is required.", "isBusinessAccount must be true or false."]);
//! # Ok::<(), wire::element::ParseError>(())
//! ```
//!
//! What must hold: read every field into a variable first and use `?` only where the value is put together, or the
//! later problems are lost. No message repeats what the document says; it may be a password.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use domain::checks::{Problem, Problems};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::element::Element;
pub use crate::field::Field;
use crate::values::{self, problem};
pub use crate::values::{boolean, date, decimal, integer, minute, one_of, text};

/// More is no help to anybody, and an answer must not be larger than its question.
pub const PROBLEMS_MAX: usize = 100;

/// What `build` makes of `element`, or everything that is wrong with it.
pub fn read<T>(element: &Element, build: impl FnOnce(&Reader<'_>) -> Option<T>) -> Result<T, Problems> {
    if !element.text.is_empty() {
        return Err(Problems::one(&element.name, format!("{} must hold elements, not a text.", element.name)));
    }
    let found = Found::default();
    let value = build(&Reader { element, path: String::new(), found: &found });
    let mut problems = found.problems.into_inner();
    if problems.is_empty() && value.is_none() {
        problems.add(&element.name, format!("{} is incomplete.", element.name));
    }
    match value {
        Some(value) => problems.result(value),
        None => Err(problems),
    }
}

/// The members of a bulk request, `<list><customer>…</customer>…</list>`. Each problem begins with its member,
/// `customer[2]: `, counted from 1.
pub fn read_list<T>(
    list: &Element,
    member: &str,
    build: impl Fn(&Reader<'_>) -> Option<T>,
) -> Result<Vec<T>, Problems> {
    let (mut values, mut problems) = (Vec::with_capacity(list.children.len()), Problems::new());
    if list.children.is_empty() {
        problems.add(&list.name, format!("{} must hold at least one {member}.", list.name));
    }
    for (index, element) in list.children.iter().enumerate() {
        if problems.iter().len() >= PROBLEMS_MAX {
            break;
        }
        if element.name != member {
            problems.add(&list.name, format!("{} may hold only {member} elements.", list.name));
            continue;
        }
        match read(element, &build) {
            Ok(value) => values.push(value),
            Err(of_member) => problems.extend(of_member.prefixed(&format!("{member}[{}]", index + 1))),
        }
    }
    problems.result(values)
}

/// The same of at most `max` members.
pub fn read_list_of<T>(
    list: &Element,
    member: &str,
    max: usize,
    build: impl Fn(&Reader<'_>) -> Option<T>,
) -> Result<Vec<T>, Problems> {
    if list.children.len() > max {
        return Err(Problems::one(&list.name, format!("{} may hold at most {max} {member} elements.", list.name)));
    }
    read_list(list, member, build)
}

/// Refuses a document about something else.
pub fn expect_root(element: &Element, allowed: &[&str]) -> Result<(), Problems> {
    if allowed.contains(&element.name.as_str()) {
        return Ok(());
    }
    Err(Problems::one(&element.name, format!("The root element must be {}.", allowed.join(" or "))))
}

/// One element of an input, and the way to it. Unknown elements are ignored.
#[derive(Clone)]
pub struct Reader<'a> {
    element: &'a Element,
    /// Empty for the root; fields are named from there.
    path: String,
    found: &'a Found,
}

#[derive(Default)]
struct Found {
    problems: RefCell<Problems>,
    count: Cell<usize>,
}

impl<'a> Reader<'a> {
    /// The element itself, for what the methods here do not know.
    pub fn element(&self) -> &'a Element {
        self.element
    }

    /// Whether `name` stands in the input, even if empty.
    pub fn has(&self, name: &str) -> bool {
        self.element.child(name).is_some()
    }

    /// Whether `name` stands in the input with a value, be it right or wrong.
    pub fn is_given(&self, name: &str) -> bool {
        self.element.child(name).is_some_and(|child| !child.is_empty())
    }

    /// The name of a field as messages show it: `billingContact/emailPrimary`.
    pub fn path(&self, name: &str) -> String {
        match (self.path.as_str(), name) {
            ("", name) => name.to_owned(),
            (path, "") => path.to_owned(),
            (path, name) => format!("{path}/{name}"),
        }
    }

    /// Records that `name` is wrong: `reader.wrong("amount", "must be positive")` says `amount must be positive.`
    pub fn wrong(&self, name: &str, predicate: impl Display) {
        self.add(problem(&self.path(name), predicate));
    }

    /// Records a whole sentence about `name`, where its words are fixed.
    pub fn wrong_sentence(&self, name: &str, message: impl Into<String>) {
        self.add(Problem { field: self.path(name), message: message.into() });
    }

    /// Takes over what a check of `domain` found, with the way here put in front.
    pub fn extend(&self, problems: Problems) {
        let problems = if self.path.is_empty() { problems } else { problems.prefixed(&self.path) };
        for problem in &problems {
            self.add(problem.clone());
        }
    }

    /// A text of at most `max` characters.
    pub fn text(&self, name: &str, max: usize) -> Field<String> {
        self.typed(name, |path, text| values::text(path, text, max))
    }

    pub fn required_text(&self, name: &str, max: usize) -> Option<String> {
        self.required(name, self.text(name, max))
    }

    pub fn boolean(&self, name: &str) -> Field<bool> {
        self.typed(name, values::boolean)
    }

    pub fn integer<T: FromStr + PartialOrd + Display>(&self, name: &str, allowed: RangeInclusive<T>) -> Field<T> {
        self.typed(name, |path, text| values::integer(path, text, &allowed))
    }

    pub fn decimal(&self, name: &str) -> Field<Decimal> {
        self.typed(name, values::decimal)
    }

    pub fn date(&self, name: &str) -> Field<Date> {
        self.typed(name, values::date)
    }

    pub fn one_of<T: Copy>(&self, name: &str, allowed: &[(&str, T)]) -> Field<T> {
        self.typed(name, |path, text| values::one_of(path, text, allowed))
    }

    /// A type of `domain`; its error says what the field must be, without the value: "must be three letters".
    pub fn parsed<T, E: Display>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Field<T> {
        self.typed(name, |path, text| parse(text).map_err(|predicate| problem(path, predicate)))
    }

    /// For creating: the value must be there.
    pub fn required<T>(&self, name: &str, field: Field<T>) -> Option<T> {
        let is_missing = match field {
            Field::Value(_) => false,
            Field::Cleared => true,
            // A value that is there and wrong has had its problem.
            Field::Absent => !self.is_wrong(name),
        };
        if is_missing {
            self.wrong(name, "is required");
        }
        field.value()
    }

    /// For updating: the value may stay as it is, but not be emptied.
    pub fn not_cleared<T>(&self, name: &str, field: Field<T>) -> Option<T> {
        if field.is_cleared() {
            self.wrong(name, "is required and may not be empty");
        }
        field.value()
    }

    /// `id`, and whatever else may be an attribute or a child.
    pub fn attribute_or_child(&self, name: &str) -> Field<&'a str> {
        let child = self.single_text(name);
        match (self.element.attribute(name).map(str::trim), child) {
            (Some(""), Field::Absent) => Field::Cleared,
            (None | Some(""), child) => child,
            (Some(attribute), Field::Value(child)) if attribute != child => {
                self.wrong(name, "is given as an attribute and as an element, which must agree");
                Field::Absent
            }
            (Some(attribute), _) => Field::Value(attribute),
        }
    }

    /// The id of the element itself, in either place.
    pub fn id(&self) -> Field<i64> {
        let text = self.attribute_or_child("id");
        self.checked(text, |text| values::integer(&self.path("id"), text, &(1..=i64::MAX)))
    }

    /// The key in `<currency id="USD"/>`, also written `<currency><id>USD</id></currency>` or `<currency>USD</currency>`.
    pub fn reference(&self, name: &str) -> Field<&'a str> {
        let child = match self.object_or_text(name) {
            Field::Value(child) => child,
            Field::Cleared => return Field::Cleared,
            Field::Absent => return Field::Absent,
        };
        match child.attribute_or_child("id") {
            Field::Absent if !child.element.text.is_empty() => Field::Value(child.element.text.as_str()),
            Field::Absent if !child.has("id") => {
                child.wrong("", "must have an id");
                Field::Absent
            }
            key => key,
        }
    }

    /// The one child with this name, to be read further.
    pub fn child(&self, name: &str) -> Field<Reader<'a>> {
        match self.object_or_text(name) {
            // Nothing would be read from it: an address on one line would be lost.
            Field::Value(child) if !child.element.text.is_empty() => {
                self.wrong(name, "must hold elements, not a text");
                Field::Absent
            }
            child => child,
        }
    }

    /// The same for an object that may be written as its key alone: `<currency>USD</currency>`.
    pub fn object_or_text(&self, name: &str) -> Field<Reader<'a>> {
        match self.single(name) {
            None => Field::Absent,
            Some(child) if child.is_empty() => Field::Cleared,
            Some(child) => Field::Value(Reader { element: child, path: self.path(name), found: self.found }),
        }
    }

    /// A collection in its wrapper. `None` leaves what is stored as it is; an empty one removes it.
    pub fn children(&self, wrapper: &str, member: &str) -> Option<Vec<Reader<'a>>> {
        let element = self.single(wrapper)?;
        let wrapper = Reader { element, path: self.path(wrapper), found: self.found };
        let members = wrapper.members(member);
        // A collection replaces what is stored: a misspelt member must not wipe it out.
        if members.is_empty() && !(element.children.is_empty() && element.text.is_empty()) {
            wrapper.wrong("", format_args!("must hold {member} elements"));
            return None;
        }
        Some(members)
    }

    /// The children with this name, however many.
    pub fn members(&self, member: &str) -> Vec<Reader<'a>> {
        let elements = self.element.children.iter().filter(|child| child.name == member);
        let reader = |(index, element)| {
            let path = self.path(&format!("{member}[{}]", index + 1));
            Reader { element, path, found: self.found }
        };
        elements.enumerate().map(reader).collect()
    }

    fn is_wrong(&self, name: &str) -> bool {
        let path = self.path(name);
        let is_about =
            |field: &str| field.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.found.problems.borrow().iter().any(|problem| is_about(&problem.field))
    }

    fn typed<T>(&self, name: &str, parse: impl FnOnce(&str, &str) -> Result<T, Problem>) -> Field<T> {
        let text = self.single_text(name);
        self.checked(text, |text| parse(&self.path(name), text))
    }

    fn checked<T>(&self, text: Field<&str>, parse: impl FnOnce(&str) -> Result<T, Problem>) -> Field<T> {
        match text {
            Field::Absent => Field::Absent,
            Field::Cleared => Field::Cleared,
            Field::Value(text) => match parse(text) {
                Ok(value) => Field::Value(value),
                Err(problem) => {
                    self.add(problem);
                    Field::Absent
                }
            },
        }
    }

    fn single_text(&self, name: &str) -> Field<&'a str> {
        match self.single(name) {
            None => Field::Absent,
            Some(child) if !child.children.is_empty() => {
                self.wrong(name, "must hold a text, not elements");
                Field::Absent
            }
            Some(child) if child.text.is_empty() => Field::Cleared,
            Some(child) => Field::Value(&child.text),
        }
    }

    /// The one child with this name. Two of them are a problem, because whichever we took, somebody meant the other.
    fn single(&self, name: &str) -> Option<&'a Element> {
        let mut all = self.element.children.iter().filter(|child| child.name == name);
        let first = all.next()?;
        if all.next().is_none() {
            return Some(first);
        }
        self.wrong(name, "appears twice; it may appear only once");
        None
    }

    fn add(&self, problem: Problem) {
        let count = self.found.count.get();
        self.found.count.set(count + 1);
        match count {
            0..PROBLEMS_MAX => self.found.problems.borrow_mut().add(&problem.field, problem.message),
            PROBLEMS_MAX => self.found.problems.borrow_mut().add("", "There are more problems; they are not listed."),
            _ => {}
        }
    }
}
