//! A browser without scripts: cookies, forms and redirects over real HTTP. It
//! stops at addresses of other servers, so that a test sees where it was sent.

use crate::support::http;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A browser with its cookies. Clones share them, like tabs.
#[derive(Clone)]
pub struct Browser {
    base: String,
    http: reqwest::Client,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    headers: Vec<(&'static str, String)>,
}

/// What a browser ended up with.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: String,
    /// Where it was sent on this server until it came here.
    pub passed: Vec<Url>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let http = http::staying();
        Self {
            base: base.to_owned(),
            http,
            cookies: Arc::default(),
            headers: vec![
                ("accept-language", "ru".to_owned()),
                (
                    "user-agent",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
                        .to_owned(),
                ),
            ],
        }
    }

    /// The same browser sending one more header.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Plants a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    /// Opens an address (a path, or a whole one) and follows redirects on this
    /// server.
    pub async fn get(&self, address: &str) -> Page {
        self.follow(self.get_once(address).await).await
    }

    /// Opens an address and stops at the first answer.
    pub async fn get_once(&self, address: &str) -> Page {
        self.send(self.http.get(self.resolve(address))).await
    }

    /// The same, while it is not known whether anybody answers there.
    pub async fn try_get_once(&self, address: &str) -> Option<Page> {
        self.http.get(self.resolve(address)).send().await.ok()?;
        Some(self.get_once(address).await)
    }

    /// Posts fields as they are, without looking at any form.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        self.follow(self.post_once(address, fields).await).await
    }

    /// The same, stopping at the first answer.
    pub async fn post_once(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        self.send(self.http.post(self.resolve(address)).form(fields))
            .await
    }

    /// Sends a prepared request with this browser's cookies and headers.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let cookies = {
            let known = self.cookies.lock().unwrap();
            let pairs: Vec<_> = known
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            pairs.join("; ")
        };
        let mut request = request;
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        let answer = request.send().await.unwrap();
        for header in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie::Cookie::parse(header.to_str().unwrap().to_owned()).unwrap();
            let mut known = self.cookies.lock().unwrap();
            if cookie.max_age().is_some_and(|age| age.is_zero()) {
                known.remove(cookie.name());
            } else {
                known.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        Page {
            status: answer.status().as_u16(),
            url: answer.url().clone(),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap(),
            passed: Vec::new(),
        }
    }

    /// Follows redirects until a page, or an address elsewhere, is reached.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(to) = page.location() else {
                return page;
            };
            if !to.as_str().starts_with(&self.base) {
                return page;
            }
            let mut passed = page.passed.clone();
            passed.push(to.clone());
            page = self.send(self.http.get(to)).await;
            page.passed = passed;
        }
        panic!("redirected more than ten times");
    }

    /// Fills in the form that holds the element with this id and presses it
    /// (a button), keeping what the form had.
    pub async fn submit(&self, page: &Page, pressed: &str, fields: &[(&str, &str)]) -> Page {
        self.follow(self.submit_once(page, pressed, fields).await)
            .await
    }

    /// The same, stopping at the first answer.
    pub async fn submit_once(&self, page: &Page, pressed: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(pressed);
        let mut all = form.fields.clone();
        all.retain(|(known, _)| fields.iter().all(|(name, _)| known != name));
        // One name may come several times, as boxes do.
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        let action = page.url.join(&form.action).unwrap();
        self.send(self.http.post(action).form(&all)).await
    }

    /// Fills in a form that takes files, with these: field, name, content.
    pub async fn upload(
        &self,
        page: &Page,
        pressed: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let form = page.form(pressed);
        let mut parts = reqwest::multipart::Form::new();
        let typed = |name: &str| fields.iter().any(|(known, _)| *known == name);
        let kept = form.fields.iter().filter(|(name, _)| !typed(name));
        let kept = kept.map(|(name, value)| (name.clone(), value.clone()));
        let given = fields
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        let is_file = |name: &String| files.iter().any(|(field, ..)| field == name);
        for (name, value) in kept.chain(given).filter(|(name, _)| !is_file(name)) {
            parts = parts.text(name, value);
        }
        for (field, name, content) in files {
            let part = reqwest::multipart::Part::bytes(content.to_vec())
                .file_name((*name).to_owned())
                .mime_str("image/jpeg")
                .unwrap();
            parts = parts.part((*field).to_owned(), part);
        }
        let action = page.url.join(&form.action).unwrap();
        let sent = self.send(self.http.post(action).multipart(parts)).await;
        self.follow(sent).await
    }

    /// The bytes of an address, and what is said of them.
    pub async fn bytes(&self, address: &str) -> (Page, Vec<u8>) {
        let page = self.get_once(address).await;
        let cookies = {
            let known = self.cookies.lock().unwrap();
            let pairs: Vec<_> = known.iter().map(|(a, b)| format!("{a}={b}")).collect();
            pairs.join("; ")
        };
        let request = self.http.get(self.resolve(address)).header(COOKIE, cookies);
        let answer = request.send().await.unwrap();
        (page, answer.bytes().await.unwrap().to_vec())
    }

    /// Presses a button whose answer is a file: the page, and its content as it is.
    pub async fn submit_for_bytes(&self, page: &Page, pressed: &str) -> (HeaderMap, Vec<u8>) {
        let Form { action, fields } = page.form(pressed);
        let cookies = {
            let known = self.cookies.lock().unwrap();
            let pairs: Vec<_> = known.iter().map(|(a, b)| format!("{a}={b}")).collect();
            pairs.join("; ")
        };
        let mut request = self.http.post(page.url.join(&action).unwrap());
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = request
            .form(&fields)
            .header(COOKIE, cookies)
            .send()
            .await
            .unwrap();
        let headers = answer.headers().clone();
        (headers, answer.bytes().await.unwrap().to_vec())
    }

    fn resolve(&self, address: &str) -> String {
        if address.starts_with('/') {
            format!("{}{address}", self.base)
        } else {
            address.to_owned()
        }
    }
}

/// A form of a page.
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// Where it redirects to, resolved.
    pub fn location(&self) -> Option<Url> {
        let location = self.headers.get(LOCATION)?.to_str().ok()?;
        self.url.join(location).ok()
    }

    /// A parameter of the query of the address it redirects to.
    pub fn sent(&self, name: &str) -> Option<String> {
        let to = self.location()?;
        to.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The text of the first element a selector finds.
    pub fn text(&self, selector: &str) -> Option<String> {
        let html = Html::parse_document(&self.body);
        let found = html.select(&Selector::parse(selector).unwrap()).next()?;
        let text: Vec<&str> = found.text().collect();
        Some(
            text.join(" ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// An attribute of every element that fits.
    pub fn every(&self, selector: &str, name: &str) -> Vec<String> {
        let document = scraper::Html::parse_document(&self.body);
        let selector = scraper::Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    /// The text of every element that fits.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = scraper::Html::parse_document(&self.body);
        let selector = scraper::Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }

    /// Whether a selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        let html = Html::parse_document(&self.body);
        html.select(&Selector::parse(selector).unwrap())
            .next()
            .is_some()
    }

    /// An attribute of the first element a selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.body);
        let found = html.select(&Selector::parse(selector).unwrap()).next()?;
        found.value().attr(name).map(str::to_owned)
    }

    /// The form around the button with this id, with the values it has.
    pub fn form(&self, pressed: &str) -> Form {
        let html = Html::parse_document(&self.body);
        let button = html
            .select(&Selector::parse(&format!("#{pressed}")).unwrap())
            .next()
            .unwrap_or_else(|| {
                panic!(
                    "no #{pressed} on {} ({}):\n{}",
                    self.url, self.status, self.body
                )
            });
        let form = button
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|element| element.value().name() == "form")
            .unwrap_or_else(|| panic!("#{pressed} stands in no form"));
        let mut fields = Vec::new();
        for input in form.select(&Selector::parse("input, textarea, select").unwrap()) {
            let attribute = |name: &str| input.value().attr(name).unwrap_or_default().to_owned();
            let kind = attribute("type");
            let ticks = kind == "checkbox" || kind == "radio";
            if attribute("name").is_empty() || (ticks && input.value().attr("checked").is_none()) {
                continue;
            }
            let value = match input.value().name() {
                "select" => input
                    .select(&Selector::parse("option[selected]").unwrap())
                    .next()
                    .map(|option| option.value().attr("value").unwrap_or_default().to_owned())
                    .unwrap_or_default(),
                "textarea" => input.text().collect(),
                _ if ticks && input.value().attr("value").is_none() => "on".to_owned(),
                _ => attribute("value"),
            };
            fields.push((attribute("name"), value));
        }
        if let (Some(name), value) = (button.value().attr("name"), button.value().attr("value")) {
            fields.push((name.to_owned(), value.unwrap_or_default().to_owned()));
        }
        Form {
            action: button
                .value()
                .attr("formaction")
                .or_else(|| form.value().attr("action"))
                .filter(|action| !action.is_empty())
                .unwrap_or(self.url.as_str())
                .to_owned(),
            fields,
        }
    }
}
