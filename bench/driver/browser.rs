//! A person's browser: keeps cookies, follows redirects, fills the sign-in form
//! and agrees on the consent page, until the portal's address is reached.

use std::net::Ipv4Addr;

use crate::form::Form;
use crate::http::{Connection, Response};

/// Hops after which a chain of redirects counts as a loop.
const MAX_STEPS: usize = 20;

/// Who signs in.
#[derive(Clone)]
pub struct Person {
    /// What they type first.
    pub login: String,
    /// What they type second.
    pub password: String,
}

/// How an attempt to sign in ended.
#[derive(Debug, PartialEq, Eq)]
pub enum SignIn {
    /// A session cookie was given.
    Done,
    /// The server is saturated and says so.
    Busy,
}

/// One browser on one connection.
pub struct Browser {
    authority: String,
    connection: Connection,
    cookies: Vec<(String, String)>,
}

impl Browser {
    /// A browser without a past, at the given loopback address.
    pub async fn open(authority: &str, source: Ipv4Addr) -> Result<Self, String> {
        Ok(Self {
            authority: authority.into(),
            connection: Connection::open_from(authority, source).await?,
            cookies: Vec::new(),
        })
    }

    /// The session cookies alone, as a request carries them.
    pub fn session_cookies(&self) -> String {
        self.cookie_header(|name| name.contains("session"))
    }

    /// Go to an authorization address and do what the pages ask, until the
    /// redirect to the portal. Returns that redirect.
    pub async fn authorize(
        &mut self,
        path: &str,
        callback: &str,
        person: &Person,
    ) -> Result<String, String> {
        let mut path = path.to_owned();
        let mut form: Option<Form> = None;
        for _ in 0..MAX_STEPS {
            let page = match form.take() {
                Some(filled) => self.post(&path, &filled).await?,
                None => self.get(&path).await?,
            };
            match page {
                Page::Redirect(to) if to.starts_with(callback) => return Ok(to),
                Page::Redirect(to) => path = self.local(&to, &path)?,
                Page::Html(html) => {
                    let filled = fill(&html, person)
                        .ok_or_else(|| format!("{path}: no known form in: {}", words(&html)))?;
                    path = self.local(&filled.action, &path)?;
                    form = Some(filled);
                }
                Page::Other(what) => return Err(format!("{path}: {what}")),
            }
        }
        Err(format!(
            "no way to the portal in {MAX_STEPS} steps, last at {path}"
        ))
    }

    /// The plain sign-in page, outside of any authorization request.
    pub async fn sign_in(&mut self, person: &Person) -> Result<SignIn, String> {
        let Page::Html(html) = self.get("/sign-in").await? else {
            return Err("/sign-in shows no page".into());
        };
        let form = fill(&html, person).ok_or("/sign-in holds no sign-in form")?;
        let path = self.local(&form.action, "/sign-in")?;
        self.cookies.retain(|(name, _)| !name.contains("session"));
        match self.post(&path, &form).await? {
            Page::Redirect(_) if !self.session_cookies().is_empty() => Ok(SignIn::Done),
            Page::Redirect(to) => Err(format!("redirected to {to} without a session")),
            Page::Other(what) if what.starts_with("status 503") => Ok(SignIn::Busy),
            Page::Other(what) => Err(what),
            Page::Html(html) => Err(format!("not signed in: {}", words(&html))),
        }
    }

    /// The form around a button of a page.
    pub async fn form_of(&mut self, page: &str, button: &str) -> Result<Form, String> {
        let Page::Html(html) = self.get(page).await? else {
            return Err(format!("{page} shows no page"));
        };
        Form::around(&html, button).ok_or_else(|| format!("{page}: no {button}"))
    }

    /// Sends a form of a page with one more field. Returns the page that comes.
    pub async fn press(
        &mut self,
        page: &str,
        form: &Form,
        field: &str,
        value: &str,
    ) -> Result<String, String> {
        let mut form = form.clone();
        form.set(field, value);
        let path = self.local(&form.action, page)?;
        match self.post(&path, &form).await? {
            Page::Html(html) => Ok(html),
            Page::Redirect(to) => Err(format!("{page} leads to {to}")),
            Page::Other(what) => Err(format!("{page}: {what}")),
        }
    }

    /// Sends a filled form of a page. Returns what kind of answer came, without
    /// what differs from one to the next.
    pub async fn send(&mut self, page: &str, form: &Form) -> Result<String, String> {
        let path = self.local(&form.action, page)?;
        Ok(match self.post(&path, form).await? {
            Page::Html(_) => "a page".to_owned(),
            Page::Redirect(to) => format!("to {}", to.split('?').next().unwrap_or_default()),
            Page::Other(what) => what,
        })
    }

    async fn get(&mut self, path: &str) -> Result<Page, String> {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head());
        self.exchange(&request).await
    }

    async fn post(&mut self, path: &str, form: &Form) -> Result<Page, String> {
        let body = form.encoded();
        let request = format!(
            "POST {path} HTTP/1.1\r\n{}Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.head(),
            self.authority,
            body.len(),
        );
        self.exchange(&request).await
    }

    fn head(&self) -> String {
        let cookies = self.cookie_header(|_| true);
        let cookies = if cookies.is_empty() {
            cookies
        } else {
            format!("Cookie: {cookies}\r\n")
        };
        format!(
            "Host: {}\r\nAccept: text/html\r\nUser-Agent: propusk-bench\r\n{cookies}",
            self.authority
        )
    }

    async fn exchange(&mut self, request: &str) -> Result<Page, String> {
        let response = self.connection.send(request.as_bytes()).await?;
        for cookie in response.headers("set-cookie") {
            keep(&mut self.cookies, cookie);
        }
        Ok(Page::of(&response))
    }

    fn cookie_header(&self, wanted: impl Fn(&str) -> bool) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// The path of an address on this server, seen from the page at `from`.
    fn local(&self, to: &str, from: &str) -> Result<String, String> {
        let origin = format!("http://{}", self.authority);
        if to.is_empty() {
            Ok(from.to_owned())
        } else if to.starts_with('?') {
            Ok(format!("{}{to}", from.split('?').next().unwrap_or(from)))
        } else if to.starts_with('/') {
            Ok(to.to_owned())
        } else {
            to.strip_prefix(&origin)
                .map(str::to_owned)
                .ok_or_else(|| format!("leads away from the server: {to}"))
        }
    }
}

enum Page {
    Redirect(String),
    Html(String),
    Other(String),
}

impl Page {
    fn of(response: &Response<'_>) -> Self {
        match (response.status, response.header("location")) {
            (302 | 303, Some(location)) => Page::Redirect(location.to_owned()),
            (200, _) => Page::Html(String::from_utf8_lossy(response.body).into_owned()),
            _ => Page::Other(response.describe()),
        }
    }
}

fn fill(html: &str, person: &Person) -> Option<Form> {
    if let Some(mut form) = Form::around(html, "login-submit") {
        form.set("username", &person.login);
        form.set("password", &person.password);
        return Some(form);
    }
    Form::around(html, "consent-allow")
}

fn keep(cookies: &mut Vec<(String, String)>, line: &str) {
    let Some((name, rest)) = line.split_once('=') else {
        return;
    };
    let value = rest.split(';').next().unwrap_or_default();
    cookies.retain(|(known, _)| known != name);
    if !value.is_empty() {
        cookies.push((name.to_owned(), value.to_owned()));
    }
}

/// What a page says, without its tags: for a message about what went wrong.
fn words(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    let texts = main
        .split('<')
        .filter_map(|piece| Some(piece.split_once('>')?.1.trim()));
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(" | ").chars().take(300).collect()
}
