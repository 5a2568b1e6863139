//! How the page looks: template, stylesheet, and the headers that go with them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

use crate::Portal;
use crate::settings::Settings;
use crate::texts::Language;

/// A sentence for the visitor.
pub struct Message {
    pub error: bool,
    pub text: String,
}

/// What is shown of a person who signed in.
pub struct Person {
    pub name: String,
    /// Whether the identity was proven, so that such services are open.
    pub verified: bool,
    /// What that rests on.
    pub evidence: Vec<String>,
    pub claims: Vec<(String, String)>,
}

/// The page. Askama escapes every value, so a name may contain anything.
#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!DOCTYPE html>
<html lang="{{ language.tag() }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% if let Some(person) = person %}{{ person.name }} — {% endif %}{{ site }}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
  <a class="site" href="/">{{ site }}</a>
  <nav aria-label="{{ language.choose("Язык", "Language") }}">
  {% if language == Language::Ru %}<a href="/?lang=en" lang="en" hreflang="en">English</a>
  {% else %}<a href="/?lang=ru" lang="ru" hreflang="ru">Русский</a>{% endif %}
  </nav>
</header>
<main>
{% if let Some(notice) = notice %}
<p id="notice" role="status"{% if notice.error %} class="error"{% endif %}>{{ notice.text }}</p>
{% endif %}
{% if let Some(person) = person %}
<h1>{{ language.choose("Здравствуйте,", "Hello,") }} <span id="person-name">{{ person.name }}</span></h1>
<p class="lead">{{ language.choose("Вы вошли на портал. Вот всё, что сообщила о вас служба входа.", "You are signed in. This is all that the identity provider told us about you.") }}</p>
<section aria-labelledby="claims-title">
  <h2 id="claims-title">{{ language.choose("Полученные данные", "Data received") }}</h2>
  <table id="claims">
    <thead><tr>
      <th scope="col">{{ language.choose("Поле", "Claim") }}</th>
      <th scope="col">{{ language.choose("Значение", "Value") }}</th>
    </tr></thead>
    <tbody>
    {% for (claim, value) in person.claims %}
    <tr><th scope="row"><code>{{ claim }}</code></th><td data-claim="{{ claim }}">{{ value }}</td></tr>
    {% endfor %}
    </tbody>
  </table>
</section>
<section aria-labelledby="service-title">
  <h2 id="service-title">{{ language.choose("Услуга с подтверждённой личностью", "A service for proven identities") }}</h2>
  {% if person.verified %}
  <p id="service-open">{{ language.choose("Услуга открыта: ваша личность подтверждена.", "The service is open: your identity is proven.") }}</p>
  {% if !person.evidence.is_empty() %}
  <p>{{ language.choose("На чём это основано:", "What this rests on:") }}</p>
  <ul id="evidence">
    {% for piece in person.evidence %}<li><code>{{ piece }}</code></li>{% endfor %}
  </ul>
  {% endif %}
  {% else %}
  <p>{{ language.choose("Например, выписка о недвижимости. Нужна подтверждённая учётная запись.", "An extract on property, for example. It needs a verified account.") }}</p>
  <p><a id="service" class="button" href="/login?service=verified">{{ language.choose("Открыть услугу", "Open the service") }}</a></p>
  {% endif %}
</section>
<section aria-labelledby="access-title">
  <h2 id="access-title">{{ language.choose("Доступ", "Access") }}</h2>
  {% if let Some(result) = refresh_result %}
  <p id="refresh-result" role="status"{% if result.error %} class="error"{% endif %}>{{ result.text }}</p>
  {% endif %}
  <div class="actions">
    <form method="post" action="/refresh">
      <input type="hidden" name="csrf" value="{{ csrf }}">
      <button id="refresh">{{ language.choose("Обновить данные", "Refresh the data") }}</button>
    </form>
    <form method="post" action="/logout">
      <input type="hidden" name="csrf" value="{{ csrf }}">
      <button id="logout" class="quiet">{{ language.choose("Выйти", "Sign out") }}</button>
    </form>
  </div>
</section>
{% else %}
<h1>{{ language.choose("Услуги региона в одном месте", "Regional services in one place") }}</h1>
<p class="lead">{{ language.choose("Войдите с единой учётной записью жителя: отдельный пароль для портала не нужен.", "Sign in with your resident account: the portal needs no password of its own.") }}</p>
<p><a id="login" class="button" href="/login">{{ language.choose("Войти", "Sign in") }}</a></p>
<ul class="cards">
  <li><h2>{{ language.choose("Запись к врачу", "See a doctor") }}</h2>
    <p>{{ language.choose("Поликлиника, время и напоминание.", "Clinic, time and a reminder.") }}</p></li>
  <li><h2>{{ language.choose("Школы и сады", "Schools and nurseries") }}</h2>
    <p>{{ language.choose("Заявление, очередь и дневник.", "Application, queue and school diary.") }}</p></li>
  <li><h2>{{ language.choose("Дом и двор", "Home and yard") }}</h2>
    <p>{{ language.choose("Счётчики, платежи и обращения.", "Meters, payments and requests.") }}</p></li>
</ul>
{% endif %}
</main>
<footer><p>{{ language.choose("Учебный портал: показывает вход через службу «Пропуск».", "A teaching portal: it shows sign-in with Propusk.") }}</p></footer>
</body>
</html>
"##
)]
pub struct Page {
    pub language: Language,
    pub site: String,
    pub notice: Option<Message>,
    pub refresh_result: Option<Message>,
    pub csrf: String,
    pub person: Option<Person>,
}

/// The page with its headers.
pub fn respond(settings: &Settings, page: &Page) -> Response {
    let Ok(html) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // The form for signing out is answered by a redirect to the provider, and
    // `form-action` is asked about that address too.
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {}; base-uri 'none'; \
         frame-ancestors 'none'",
        settings.issuer.url().origin().ascii_serialization()
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(html)).into_response()
}

/// The stylesheet, in the colour of this portal.
pub async fn stylesheet(State(portal): State<Arc<Portal>>) -> Response {
    let colour = &portal.settings.colour;
    let css = format!(
        ":root {{ --accent: {}; --on-accent: {}; }}\n{}",
        colour.background,
        colour.text,
        include_str!("style.css")
    );
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}
