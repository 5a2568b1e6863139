//! The citizen's cabinet, one file a page. What a page shows stands above its
//! handlers; every handler takes a [`citizen::Citizen`].

mod actions;
mod asked;
mod browsers;
pub mod citizen;
pub mod code_step;
mod consent_card;
mod consent_change;
mod consent_state;
mod consents;
mod contact_code;
mod contacts;
mod deletion;
mod deletion_code;
mod device_change;
mod devices;
mod document;
mod document_edit;
mod document_scan;
mod document_words;
mod documents;
mod export;
mod export_pdf;
mod factor_app;
mod factor_contact;
mod factor_key;
mod factors;
mod freeze;
mod history;
mod history_filter;
mod journal;
mod journal_order;
mod level;
mod level_centre;
mod level_code;
mod level_data;
mod level_letter;
mod level_override;
mod notice_settings;
mod notices;
mod overview;
mod photographs;
mod profile;
mod profile_edit;
mod query;
mod recovery;
mod security;
pub mod sites;
mod support;
mod support_thread;
mod table;
mod trusted;
mod words;

pub use actions::title as action_title;
pub use level::registry_title;
pub use photographs::label as photograph_label;
pub use support::topic as support_topic;
pub use support_thread::{ThreadLine, lines as thread_lines};

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;
use crate::web::upload::LARGEST_UPLOAD;

/// Every page of the cabinet.
pub fn router() -> Router<Arc<App>> {
    let files = DefaultBodyLimit::max(LARGEST_UPLOAD);
    Router::new()
        .route("/account", get(overview::show))
        .route("/account/asked/{id}", get(asked::begin))
        .route("/account/profile", get(profile::show))
        .route(
            "/account/profile/edit",
            get(profile_edit::show).post(profile_edit::save),
        )
        .route("/account/level", get(level::show))
        .route("/account/level/visit", post(level_centre::request_visit))
        .route(
            "/account/level/override",
            get(level::again).post(level_override::request),
        )
        .route(
            "/account/level/visit/code",
            get(level::again).post(level_code::enter_centre),
        )
        .route(
            "/account/level/letter",
            get(level::again).post(level_letter::order),
        )
        .route(
            "/account/level/letter/code",
            get(level::again).post(level_code::enter_letter),
        )
        .route(
            "/account/level/data",
            get(level_data::show).post(level_data::send),
        )
        .route(
            "/account/level/photographs",
            get(photographs::show).post(photographs::send).layer(files),
        )
        .route(
            "/account/level/photographs/withdraw",
            post(photographs::withdraw),
        )
        .route("/account/documents", get(documents::show))
        .route(
            "/account/documents/new/{kind}",
            get(document_edit::show_new).post(document_edit::add),
        )
        .route("/account/documents/{id}", get(document::show))
        .route(
            "/account/documents/{id}/edit",
            get(document_edit::show_change).post(document_edit::change),
        )
        .route(
            "/account/documents/{id}/replace",
            get(document_edit::show_replace).post(document_edit::replace),
        )
        .route(
            "/account/documents/{id}/delete",
            get(document::ask_delete).post(document::delete),
        )
        .route(
            "/account/documents/{id}/scans",
            get(document::show).post(document_scan::add).layer(files),
        )
        .route(
            "/account/documents/{id}/scans/{file}",
            get(document_scan::download),
        )
        .route(
            "/account/documents/{id}/scans/{file}/delete",
            post(document_scan::delete),
        )
        .route(
            "/account/contacts",
            get(contacts::show).post(contacts::begin),
        )
        .route(
            "/account/contacts/code",
            get(contact_code::show).post(contact_code::confirm),
        )
        .route(
            "/account/contacts/resend",
            get(contact_code::show).post(contact_code::resend),
        )
        .route(
            "/account/security",
            get(security::show).post(security::change_password),
        )
        .route("/account/factors", get(factors::show))
        .route(
            "/account/factors/totp",
            get(factor_app::show).post(factor_app::confirm),
        )
        .route(
            "/account/factors/key",
            get(factor_key::show).post(factor_key::confirm),
        )
        .route(
            "/account/factors/backup",
            get(factors::again).post(factors::backup_codes),
        )
        .route("/account/factors/{kind}", get(factor_contact::show))
        .route(
            "/account/factors/{kind}/send",
            get(factor_contact::show).post(factor_contact::send),
        )
        .route(
            "/account/factors/{kind}/confirm",
            get(factor_contact::show).post(factor_contact::confirm),
        )
        .route("/account/factors/{kind}/rename", post(factors::rename))
        .route("/account/factors/{kind}/prefer", post(factors::prefer))
        .route("/account/factors/{kind}/remove", post(factors::remove))
        .route("/account/security/end", post(security::end))
        .route(
            "/account/security/device/rights",
            get(device_change::again).post(device_change::set_rights),
        )
        .route(
            "/account/security/device/end",
            get(device_change::again).post(device_change::end),
        )
        .route(
            "/account/security/device/forget",
            get(device_change::again).post(device_change::forget),
        )
        .route("/account/security/unlink", post(security::unlink))
        .route("/account/security/end-others", post(security::end_others))
        .route("/account/delete", get(deletion::show).post(deletion::begin))
        .route(
            "/account/delete/word",
            get(deletion::show).post(deletion::by_word),
        )
        .route(
            "/account/delete/code",
            get(deletion_code::show).post(deletion_code::confirm),
        )
        .route(
            "/account/delete/resend",
            get(deletion_code::show).post(deletion_code::resend),
        )
        .route("/account/export", get(export::show))
        .route("/account/export/json", get(export::show).post(export::json))
        .route("/account/export/pdf", get(export::show).post(export::pdf))
        .route("/unfreeze", get(freeze::unfreeze))
        .route("/account/freeze", get(freeze::show).post(freeze::submit))
        .route(
            "/account/security/trusted",
            get(trusted::show).post(trusted::invite),
        )
        .route(
            "/account/security/trusted/end",
            get(trusted::show).post(trusted::end),
        )
        .route("/account/trusted", get(trusted::others))
        .route(
            "/account/trusted/agree",
            get(trusted::others).post(trusted::agree),
        )
        .route(
            "/account/trusted/end",
            get(trusted::others).post(trusted::end),
        )
        .route(
            "/account/trusted/vouch",
            get(trusted::others).post(trusted::vouch),
        )
        .route("/account/recovery", get(recovery::show))
        .route(
            "/account/recovery/cancel",
            get(recovery::show).post(recovery::cancel),
        )
        .route(
            "/account/recovery/appeal",
            get(recovery::show).post(recovery::cancel_appeal),
        )
        .route("/account/history", get(history::show))
        .route(
            "/account/notices/settings",
            get(notice_settings::show).post(notice_settings::save),
        )
        .route("/account/history.csv", get(history::csv))
        .route(
            "/account/history/not-me",
            get(history::show).post(history::not_me),
        )
        .route("/account/consents", get(consents::show))
        .route("/account/consents/{id}", get(consent_card::show))
        .route(
            "/account/consents/{id}/scopes",
            post(consent_change::keep_scopes),
        )
        .route(
            "/account/consents/{id}/term",
            post(consent_change::set_term),
        )
        .route(
            "/account/consents/{id}/withdraw",
            post(consent_change::withdraw),
        )
        .route("/account/journal", get(journal::show))
        .route("/account/journal.csv", get(journal::csv))
        .route("/account/notices", get(notices::show))
        .route(
            "/account/notices/browsers",
            get(browsers::show).post(browsers::subscribe),
        )
        .route("/account/notices/browsers/remove", post(browsers::remove))
        .route("/push-worker.js", get(browsers::worker))
        .route("/account/notices/read", post(notices::read))
        .route("/account/support", get(support::show).post(support::ask))
        .route(
            "/account/support/{number}",
            get(support_thread::show).post(support_thread::write),
        )
        .route(
            "/account/support/{number}/close",
            get(support_thread::show).post(support_thread::close),
        )
}
