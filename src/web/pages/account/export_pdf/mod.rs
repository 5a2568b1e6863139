//! The copy of everything for people: the tables of the PDF in words.

mod happened;

use super::document_words;
use super::factors::kind_title;
use crate::account::export::pdf::{Column, Section, Sheets};
use crate::account::export::{Dossier, given_by};
use crate::account::proofing::asserted::Channel;
use crate::model::id::ClientId;
use crate::model::level::Level;
use crate::model::timestamp::Timestamp;
use crate::texts::{Texts, key};
use crate::web::moments::Zone;

/// The tables, in the language of the page and the citizen's zone.
pub fn sheets(texts: Texts, zone: &Zone, dossier: &Dossier) -> Sheets {
    let words = Words {
        texts,
        zone,
        dossier,
    };
    Sheets {
        title: texts.t("export-title"),
        about: vec![
            dossier.person.profile.full_name(),
            texts.say("export-made-at", "time", words.at(dossier.made_at)),
        ],
        sections: vec![
            words.personal(),
            words.agreements(),
            words.evidence(),
            words.sent(),
            words.documents(),
            words.files(),
            words.consents(),
            words.links(),
            words.factors(),
            words.recoveries(),
            words.appeals(),
            words.trusted(),
            words.support(),
            words.sessions(),
            words.devices(),
            words.browsers(),
            words.sign_ins(),
            words.journal(),
            words.notices(),
        ],
        footer: texts.t("export-title"),
    }
}

struct Words<'a> {
    texts: Texts,
    zone: &'a Zone,
    dossier: &'a Dossier,
}

impl Words<'_> {
    fn at(&self, at: Timestamp) -> String {
        self.zone.date_time(at).text
    }

    fn end(&self, at: Option<Timestamp>) -> String {
        at.map(|at| self.at(at)).unwrap_or_default()
    }

    fn site(&self, id: &ClientId) -> String {
        let known = self.dossier.sites.get(id).cloned();
        known.unwrap_or_else(|| id.to_string())
    }

    /// A table; each column is the key of its heading and its part of the width.
    fn table(&self, title: &str, columns: &[(&str, f32)], rows: Vec<Vec<String>>) -> Section {
        let column = |(heading, part): &(&str, f32)| Column {
            heading: self.texts.t(heading),
            part: *part,
        };
        Section {
            title: self.texts.t(title),
            columns: columns.iter().map(column).collect(),
            rows,
            empty: self.texts.t("export-nothing"),
        }
    }

    fn personal(&self) -> Section {
        let person = &self.dossier.person;
        let profile = &person.profile;
        let texts = self.texts;
        let confirmed = |confirmed: bool| {
            texts.t(if confirmed {
                key("export-confirmed")
            } else {
                key("export-declared")
            })
        };
        let contact = |value: String, is: bool| format!("{value} ({})", confirmed(is));
        let level = match person.level(self.dossier.made_at) {
            Level::Simplified => key("level-simplified"),
            Level::Standard => key("level-standard"),
            Level::Verified => key("level-verified"),
        };
        let gender = match profile.gender.as_str() {
            "female" => texts.t("sex-female"),
            "male" => texts.t("sex-male"),
            _ => String::new(),
        };
        let passport = profile.passport.as_ref().map(|passport| {
            format!(
                "{}, {}, {}, {}",
                passport.formatted(),
                passport.issued_on,
                passport.department_code,
                passport.issued_by
            )
        });
        let rows = [
            (key("field-family-name"), profile.family_name.clone()),
            (key("field-given-name"), profile.given_name.clone()),
            (key("field-middle-name"), profile.middle_name.clone()),
            (key("field-sex"), gender),
            (key("field-birth-date"), profile.birthdate.clone()),
            (key("field-birthplace"), profile.birthplace.clone()),
            (key("field-passport"), passport.unwrap_or_default()),
            (
                key("field-inn"),
                profile
                    .inn
                    .as_ref()
                    .map(|inn| inn.as_str().to_owned())
                    .unwrap_or_default(),
            ),
            (key("field-address"), profile.address.formatted()),
            (key("export-residence"), profile.residence.formatted()),
            (
                key("field-phone"),
                person
                    .phone
                    .as_ref()
                    .map(|phone| contact(phone.value.formatted(), phone.confirmed))
                    .unwrap_or_default(),
            ),
            (
                key("field-email"),
                person
                    .email
                    .as_ref()
                    .map(|email| contact(email.value.as_str().to_owned(), email.confirmed))
                    .unwrap_or_default(),
            ),
            (
                key("field-snils"),
                person
                    .snils
                    .as_ref()
                    .map(|snils| contact(snils.value.formatted(), snils.confirmed))
                    .unwrap_or_default(),
            ),
            (key("export-level"), texts.t(level)),
            (
                key("export-esia-number"),
                self.dossier
                    .esia_number
                    .map(|number| number.to_string())
                    .unwrap_or_default(),
            ),
            (key("export-created"), self.at(person.created_at)),
            (key("export-zone"), profile.zoneinfo.clone()),
        ];
        let rows = rows
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| vec![texts.t(name), value])
            .collect();
        let columns = [(key("export-field"), 1.0), (key("export-value"), 3.0)];
        self.table(key("export-personal"), &columns, rows)
    }

    fn agreements(&self) -> Section {
        let name = |document: &str| match document {
            "terms" => self.texts.t("footer-terms"),
            "privacy" => self.texts.t("footer-privacy"),
            other => other.to_owned(),
        };
        let rows = self.dossier.agreements.iter().map(|one| {
            let version = self.texts.say("agreement-version", "version", &one.version);
            vec![self.at(one.accepted_at), name(&one.document), version]
        });
        let columns = [
            (key("export-when"), 1.0),
            (key("export-document"), 2.0),
            (key("export-version"), 1.0),
        ];
        self.table(key("export-agreements"), &columns, rows.collect())
    }

    fn evidence(&self) -> Section {
        let source = |name: &str| match name {
            "registry" => self.texts.t("export-source-registry"),
            "service_centre" => self.texts.t("export-source-centre"),
            "bank" | "bank_records" => self.texts.t("export-source-bank"),
            "letter" => self.texts.t("export-source-letter"),
            "signature" => self.texts.t("export-source-signature"),
            "video" => self.texts.t("export-source-photographs"),
            other => other.to_owned(),
        };
        let rows = self.dossier.person.evidence.iter().map(|one| {
            vec![
                self.at(one.at),
                source(one.source.as_str()),
                given_by(one).to_owned(),
                self.end(one.expires_at),
                self.end(one.withdrawn_at),
            ]
        });
        let columns = [
            (key("export-when"), 2.0),
            (key("export-source"), 2.0),
            (key("export-given-by"), 3.0),
            (key("export-until"), 2.0),
            (key("export-withdrawn"), 2.0),
        ];
        self.table(key("export-evidence"), &columns, rows.collect())
    }

    fn sent(&self) -> Section {
        let channel = |name: &str| {
            self.texts.t(match name {
                "data" => key("export-sent-data"),
                "visit" => key("export-sent-visit"),
                "letter" => key("export-sent-letter"),
                _ => key("export-sent-photographs"),
            })
        };
        let rows = self.dossier.sent.iter().map(|one| {
            vec![
                self.at(one.at),
                channel(one.channel),
                self.end(one.closed_at),
            ]
        });
        let columns = [
            (key("export-when"), 1.0),
            (key("export-what"), 2.0),
            (key("export-closed"), 1.0),
        ];
        self.table(key("export-sent"), &columns, rows.collect())
    }

    fn documents(&self) -> Section {
        let mut rows = Vec::new();
        for (document, before) in &self.dossier.documents {
            for version in std::iter::once(&document.current).chain(before) {
                rows.push(vec![
                    document_words::document_kind(self.texts, document.kind.name),
                    version.data.number.clone(),
                    version.data.issued_on.clone(),
                    version.data.issued_by.clone(),
                    version.data.expires_on.clone(),
                    document_words::state_badge(self.texts, &version.state).text,
                    self.at(version.added_at),
                    self.end(version.replaced_at),
                ]);
            }
        }
        let columns = [
            (key("export-document"), 2.0),
            (key("export-number"), 2.0),
            (key("export-issued-on"), 1.3),
            (key("export-issued-by"), 2.0),
            (key("export-until"), 1.3),
            (key("export-state"), 1.5),
            (key("export-when"), 1.6),
            (key("export-replaced"), 1.6),
        ];
        self.table(key("export-documents"), &columns, rows)
    }

    fn files(&self) -> Section {
        let rows = self.dossier.files.iter().map(|one| {
            vec![
                self.at(one.created_at),
                one.media_type.clone(),
                self.texts.say("export-bytes", "size", one.size),
            ]
        });
        let columns = [
            (key("export-when"), 1.0),
            (key("export-what"), 1.0),
            (key("export-size"), 1.0),
        ];
        self.table(key("export-files"), &columns, rows.collect())
    }

    fn consents(&self) -> Section {
        let rows = self.dossier.consents.iter().map(|one| {
            vec![
                self.site(&one.client_id),
                one.scopes.clone(),
                self.at(one.given_at),
                self.end(one.expires_at),
                self.end(one.withdrawn_at),
                self.end(one.last_used_at),
            ]
        });
        let columns = [
            (key("history-site"), 2.0),
            (key("export-scopes"), 3.0),
            (key("export-when"), 1.5),
            (key("export-until"), 1.5),
            (key("export-withdrawn"), 1.5),
            (key("export-last-use"), 1.5),
        ];
        self.table(key("export-consents"), &columns, rows.collect())
    }

    fn links(&self) -> Section {
        let rows = self.dossier.links.iter().map(|one| {
            let channel = match one.channel {
                Channel::Bank => key("export-source-bank"),
                Channel::Signature => key("export-source-signature"),
            };
            vec![
                self.at(one.linked_at),
                self.texts.t(channel),
                one.issuer.clone(),
            ]
        });
        let columns = [
            (key("export-when"), 1.0),
            (key("export-source"), 1.0),
            (key("export-given-by"), 3.0),
        ];
        self.table(key("export-links"), &columns, rows.collect())
    }

    fn factors(&self) -> Section {
        let rows = self.dossier.factors.iter().map(|one| {
            vec![
                self.at(one.added_at),
                kind_title(self.texts, one.kind),
                one.name.clone(),
                self.end(one.last_used_at),
            ]
        });
        let columns = [
            (key("export-when"), 1.0),
            (key("export-what"), 1.5),
            (key("factors-name"), 1.5),
            (key("export-last-use"), 1.0),
        ];
        self.table(key("security-factors"), &columns, rows.collect())
    }

    fn support(&self) -> Section {
        let rows = self.dossier.support.iter().flat_map(|thread| {
            thread.messages.iter().map(|message| {
                let author = if message.by_support {
                    key("export-by-support")
                } else {
                    key("export-by-you")
                };
                vec![
                    self.at(message.at),
                    thread.request.number.clone(),
                    self.texts.t(author),
                    message.text.clone(),
                ]
            })
        });
        let columns = [
            (key("export-when"), 1.0),
            (key("export-number"), 1.0),
            (key("export-author"), 1.0),
            (key("export-text"), 3.0),
        ];
        self.table(key("section-support"), &columns, rows.collect())
    }
}
