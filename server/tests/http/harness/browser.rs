//! A browser without script: it keeps cookies, follows links and redirects when told to, and sends forms as they
//! stand in the page.

use std::cell::RefCell;
use std::collections::BTreeMap;

use reqwest::Url;
use scraper::{ElementRef, Html, Selector};

use super::{Answer, Call, Server};

pub struct Browser<'s> {
    server: &'s Server,
    host: String,
    cookies: RefCell<BTreeMap<String, String>>,
    takes_cookies: bool,
}

impl<'s> Browser<'s> {
    pub fn new(server: &'s Server, host: &str) -> Browser<'s> {
        Browser { server, host: host.to_owned(), cookies: RefCell::default(), takes_cookies: true }
    }

    /// As in a frame where the browser keeps no cookies of others.
    pub fn refusing_cookies(mut self) -> Self {
        self.takes_cookies = false;
        self
    }

    /// The request that this browser would send, to change it.
    pub fn call(&self, method: &str, url: &str) -> Call<'s> {
        let url = self.resolve("/", url);
        let call = self.server.call(method, &local(&url)).anonymous().host(&self.host);
        let cookies = self.cookies.borrow();
        if cookies.is_empty() {
            return call;
        }
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        call.header("cookie", &pairs.join("; "))
    }

    /// One request, with what cookies it sets.
    pub async fn send(&self, call: Call<'_>) -> Page {
        let path = call.path.split('#').next().unwrap_or_default().to_owned();
        let answer = call.send().await;
        for cookie in answer.headers.get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        Page { path, answer }
    }

    pub async fn get(&self, url: &str) -> Page {
        self.send(self.call("GET", url)).await
    }

    /// Follows redirects to the page at their end.
    pub async fn open(&self, url: &str) -> Page {
        let mut page = self.get(url).await;
        for _ in 0..5 {
            if !(300..400).contains(&page.answer.status) {
                return page;
            }
            page = self.get(&page.location()).await;
        }
        panic!("redirects without end at {}", page.path);
    }

    /// Fills in a form of the page and sends it; what is answered, redirects not followed.
    pub async fn submit(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        self.send(self.form(page, form, fields)).await
    }

    /// The same, and on to the page where it leads.
    pub async fn submit_and_follow(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.submit(page, form, fields).await;
        page.is(303);
        self.open(&page.location()).await
    }

    /// The request that a form sends with these fields filled in; `None` as in `("name", "")` is sent empty.
    pub fn form(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Call<'s> {
        let html = page.html();
        let form = html.select(&selector(form)).next().unwrap_or_else(|| panic!("no {form} in {}", page.answer.text()));
        let mut pairs = given(&form);
        for (name, value) in fields {
            pairs.retain(|(known, _)| known != name);
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let target = page.resolve(form.value().attr("action").unwrap_or(&page.path));
        match form.value().attr("method") {
            Some("post") => {
                let call = self.call("POST", &target).header("content-type", "application/x-www-form-urlencoded");
                call.body(body)
            }
            _ => self.call("GET", &format!("{}?{body}", target.split('?').next().unwrap_or_default())),
        }
    }

    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    fn keep(&self, cookie: &str) {
        if !self.takes_cookies {
            return;
        }
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.borrow_mut().remove(name);
        } else {
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
    }

    /// An address of this host.
    fn resolve(&self, from: &str, url: &str) -> Url {
        let base = Url::parse(&format!("http://{}:{}{from}", self.host, self.server.address.port())).unwrap();
        let url = base.join(url).unwrap();
        assert_eq!(url.host_str(), base.host_str(), "{url} leads to another host");
        url
    }
}

/// What a browser sends of a form: hidden fields, boxes and buttons that are ticked, texts that are filled in, choices.
fn given(form: &ElementRef<'_>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for input in form.select(&selector("input")) {
        let input = input.value();
        let is_box = matches!(input.attr("type"), Some("checkbox" | "radio"));
        let is_sent = !is_box || input.attr("checked").is_some() && input.attr("disabled").is_none();
        if let (Some(name), true) = (input.attr("name"), is_sent) {
            pairs.push((name.to_owned(), input.attr("value").unwrap_or_default().to_owned()));
        }
    }
    for select in form.select(&selector("select")) {
        let chosen = select.select(&selector("option[selected]")).next();
        let chosen = chosen.or_else(|| select.select(&selector("option")).next());
        let value = chosen.and_then(|option| option.value().attr("value")).unwrap_or_default();
        pairs.push((select.value().attr("name").unwrap_or_default().to_owned(), value.to_owned()));
    }
    pairs
}

/// Path and query.
fn local(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

pub fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub struct Page {
    /// Path and query.
    pub path: String,
    pub answer: Answer,
}

impl Page {
    #[track_caller]
    pub fn is(&self, status: u16) -> &Page {
        self.answer.is(status);
        self
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.answer.text())
    }

    /// Where it redirects to.
    pub fn location(&self) -> String {
        self.resolve(&self.answer.header("location"))
    }

    /// The words of the first element that matches, blanks run together.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let texts = self.texts(css);
        texts.into_iter().next().unwrap_or_else(|| panic!("no {css} at {} in {}", self.path, self.answer.text()))
    }

    pub fn texts(&self, css: &str) -> Vec<String> {
        let words = |element: ElementRef<'_>| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        self.html().select(&selector(css)).map(words).collect()
    }

    pub fn count(&self, css: &str) -> usize {
        self.html().select(&selector(css)).count()
    }

    /// All words of the page.
    pub fn words(&self) -> String {
        self.text("body")
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Page {
        assert!(self.words().contains(words), "{words:?} is not at {}: {}", self.path, self.words());
        self
    }

    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.html().select(&selector(css)).next()?.value().attr(name).map(str::to_owned)
    }

    /// Where the link with these words leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let html = self.html();
        let found = html.select(&selector("a[href]")).find(|a| {
            let text = a.text().collect::<String>();
            text.split_whitespace().collect::<Vec<_>>().join(" ") == words
        });
        let found = found.unwrap_or_else(|| panic!("no link {words:?} at {}: {}", self.path, self.answer.text()));
        self.resolve(found.value().attr("href").unwrap_or_default())
    }

    /// The root of the session that the page belongs to: `/widget/s/<key>/`.
    pub fn root(&self) -> String {
        let end = self.path.match_indices('/').nth(3).map(|(at, _)| at + 1);
        self.path[..end.expect("a page of a session")].to_owned()
    }

    pub fn resolve(&self, url: &str) -> String {
        let base = Url::parse(&format!("http://here.localhost{}", self.path)).unwrap();
        let url = base.join(url).unwrap();
        match url.host_str() {
            Some("here.localhost") => local(&url),
            _ => url.to_string(),
        }
    }
}
