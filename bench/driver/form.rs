//! Reads the one form of a page by the id of its button: enough HTML to sign in
//! and to consent, no more.

/// A form as a browser would send it when the button is pressed.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes; empty means the page's own address.
    pub action: String,
    /// Hidden fields, ticked boxes and the button's own value.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The form around the button with this id.
    pub fn around(html: &str, button_id: &str) -> Option<Self> {
        let button = html.find(&format!("id=\"{button_id}\""))?;
        let start = html[..button].rfind("<form")?;
        let end = start + html[start..].find("</form>")?;
        let text = html.get(start..end)?;
        let mut form = Form {
            action: attribute(tag(text)?, "action").unwrap_or_default(),
            fields: Vec::new(),
        };
        for (at, _) in text.match_indices("<input") {
            let tag = tag(&text[at..])?;
            let sent = match attribute(tag, "type").as_deref() {
                Some("hidden") => true,
                Some("checkbox" | "radio") => tag.contains(" checked"),
                _ => false,
            };
            if sent {
                form.add(tag);
            }
        }
        let button_tag = html[..button].rfind('<')?;
        form.add(tag(&html[button_tag..])?);
        Some(form)
    }

    /// Fill in a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.push((name.into(), value.into()));
    }

    /// The body of the POST.
    pub fn encoded(&self) -> String {
        let mut body = String::new();
        for (name, value) in &self.fields {
            if !body.is_empty() {
                body.push('&');
            }
            encode_into(&mut body, name);
            body.push('=');
            encode_into(&mut body, value);
        }
        body
    }

    fn add(&mut self, tag: &str) {
        if let Some(name) = attribute(tag, "name") {
            self.fields
                .push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
}

/// Percent-encode everything that is not plain.
pub fn encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len() * 2);
    encode_into(&mut encoded, value);
    encoded
}

fn encode_into(out: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte.into())
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

fn tag(text: &str) -> Option<&str> {
    text.split_once('>').map(|(tag, _)| tag)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let marker = format!("{name}=\"");
    let (at, _) = tag
        .match_indices(&marker)
        .find(|(at, _)| tag[..*at].ends_with(char::is_whitespace))?;
    let value = tag[at + marker.len()..].split_once('"')?.0;
    Some(unescape(value))
}

fn unescape(value: &str) -> String {
    [
        "&lt;<", "&gt;>", "&quot;\"", "&#34;\"", "&#38;&", "&#39;'", "&#x27;'", "&#60;<", "&#62;>",
        "&amp;&",
    ]
    .iter()
    .fold(value.to_owned(), |text, pair| {
        let (entity, plain) = pair.split_at(pair.find(';').map_or(0, |at| at + 1));
        text.replace(entity, plain)
    })
}
