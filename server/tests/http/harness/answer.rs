//! What comes back, and ways to look at it.

use reqwest::header::HeaderMap;
use wire::element::{Element, Limits};

pub struct Answer {
    /// The request, for messages.
    pub what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Empty where there is none.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "{}\n{}", self.what, self.text());
        self
    }

    #[track_caller]
    pub fn xml(&self, status: u16) -> Xml {
        self.is(status);
        assert_eq!(self.header("content-type"), "text/xml; charset=UTF-8", "{}", self.what);
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{}", self.what);
        Xml(Element::parse(&self.body, Limits::DEFAULT).unwrap())
    }

    /// The messages of a refusal, which has the one shape that refusals have.
    #[track_caller]
    pub fn refused(&self, status: u16) -> Vec<String> {
        let xml = self.xml(status);
        assert_eq!(xml.0.name, "status", "{}", self.what);
        assert!(xml.at("success").eq_ignore_ascii_case("false"), "{}", self.text());
        let messages = xml.all("errors/error");
        assert!(!messages.is_empty() && messages.iter().all(|message| !message.is_empty()), "{}", self.text());
        messages
    }
}

/// An XML document, looked at by paths: `invoices/invoice/@id`.
pub struct Xml(pub Element);

impl Xml {
    /// Every text, or attribute, at the path, in the document's order.
    pub fn all(&self, path: &str) -> Vec<String> {
        let (path, attribute) = match path.split_once('@') {
            Some((path, attribute)) => (path, Some(attribute)),
            None => (path, None),
        };
        let mut found = vec![&self.0];
        for name in path.split('/').filter(|name| !name.is_empty()) {
            found = found.into_iter().flat_map(|e| e.children.iter().filter(|child| child.name == name)).collect();
        }
        let value = |element: &Element| match attribute {
            Some(name) => element.attribute(name).map(str::to_owned),
            None => Some(element.text.clone()),
        };
        found.into_iter().filter_map(value).collect()
    }

    /// The one value at the path.
    #[track_caller]
    pub fn at(&self, path: &str) -> String {
        match self.all(path).as_slice() {
            [one] => one.clone(),
            found => panic!("{path} is there {} times in {}", found.len(), self.0.to_xml()),
        }
    }

    pub fn count(&self, path: &str) -> usize {
        self.all(path).len()
    }

    #[track_caller]
    pub fn id(&self) -> i64 {
        self.at("@id").parse().unwrap()
    }

    /// Compares many values at once.
    #[track_caller]
    pub fn has(&self, expected: &[(&str, &str)]) -> &Xml {
        let found: Vec<(&str, String)> = expected.iter().map(|(path, _)| (*path, self.at(path))).collect();
        let expected: Vec<(&str, String)> = expected.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        assert_eq!(found, expected);
        self
    }
}
