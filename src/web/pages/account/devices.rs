//! The devices of a citizen as the page of security lists them, each with what
//! is open there.

use super::citizen::Citizen;
use super::sites::Sites;
use super::words;
use crate::account::devices::Device;
use crate::account::session::OpenSession as Open;
use crate::model::device_rights::DeviceRights;
use crate::web::moments::{Moment, Zone};
use crate::web::page::Choice;
use crate::web::page_error::PageError;

/// A device.
#[derive(Clone, Debug, Default)]
pub struct DeviceLine {
    /// The value of the field `device`; empty for one that is known no more and
    /// has open sessions yet.
    pub id: String,
    /// Its place in the list, and the id of its field on the page.
    pub number: usize,
    pub field: String,
    /// Kind, browser and system.
    pub name: String,
    /// When something was last done from it.
    pub last_use: Moment,
    /// Until when no second factor is asked for there.
    pub trusted: Option<Moment>,
    /// Until when no password is looked at there.
    pub locked: Option<Moment>,
    /// What may be done from it, where that is not everything.
    pub limited: Option<String>,
    /// What it may be given.
    pub rights: Vec<Choice>,
    /// Whether it is the one that shows this page.
    pub current: bool,
    /// What is open there.
    pub sessions: Vec<OpenSession>,
}

/// An open session.
#[derive(Clone, Debug, Default)]
pub struct OpenSession {
    /// Its public id, the value of the field `session`.
    pub id: String,
    /// Network address.
    pub place: String,
    /// When it began.
    pub began: Moment,
    /// Whether it is the one that shows this page.
    pub current: bool,
    /// Sites it has signed in to.
    pub sites: Vec<String>,
}

/// Every device of the citizen, this one first.
///
/// # Errors
/// When the database is away.
pub(super) async fn lines(citizen: &Citizen) -> Result<Vec<DeviceLine>, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let zone = citizen.zone();
    let mut open = accounts.open_sessions(citizen.account(), visit.now).await?;
    let mut sites = Sites::of(visit);
    let mut lines = Vec::new();
    for device in accounts.devices(&citizen.session, visit.now).await? {
        let mut line = line(citizen, &zone, &device);
        for session in open.extract_if(.., |open| device.is_at(open.device.as_ref())) {
            line.sessions
                .push(shown(citizen, &zone, &mut sites, session).await?);
        }
        lines.push(line);
    }
    // Of devices that were forgotten, or are too many to be listed.
    for session in open {
        let current = session.id == citizen.session.id;
        lines.push(DeviceLine {
            name: name(
                citizen,
                &session.device_kind,
                &words::agent(visit.texts, &session.details),
            ),
            last_use: zone.date_time(session.last_seen_at),
            current,
            limited: current.then(|| words::device_rights(visit.texts, DeviceRights::View)),
            sessions: vec![shown(citizen, &zone, &mut sites, session).await?],
            ..DeviceLine::default()
        });
    }
    lines.sort_by_key(|line| !line.current);
    for (line, number) in lines.iter_mut().zip(1..) {
        line.number = number;
        line.field = format!("rights-{number}");
    }
    Ok(lines)
}

fn name(citizen: &Citizen, kind: &str, agent: &str) -> String {
    format!("{}: {agent}", words::device_kind(citizen.visit.texts, kind))
}

fn line(citizen: &Citizen, zone: &Zone, device: &Device) -> DeviceLine {
    let texts = citizen.visit.texts;
    let word = |rights| words::device_rights(texts, rights);
    let choice = |rights: DeviceRights| Choice {
        value: rights.as_str().to_owned(),
        label: word(rights),
        selected: rights == device.rights,
    };
    DeviceLine {
        id: device.id().to_owned(),
        name: name(citizen, &device.kind, &words::agent(texts, &device.details)),
        last_use: zone.date_time(device.last_use),
        trusted: device.trusted_until.map(|until| zone.date_time(until)),
        locked: device.locked_until.map(|until| zone.date_time(until)),
        limited: (device.rights < DeviceRights::Full).then(|| word(device.rights)),
        rights: DeviceRights::ALL.into_iter().rev().map(choice).collect(),
        current: device.current,
        ..DeviceLine::default()
    }
}

async fn shown(
    citizen: &Citizen,
    zone: &Zone,
    sites: &mut Sites<'_>,
    open: Open,
) -> Result<OpenSession, PageError> {
    let mut names = Vec::new();
    for client in &open.clients {
        names.push(sites.site(client).await?.name);
    }
    Ok(OpenSession {
        current: open.id == citizen.session.id,
        id: open.id.to_string(),
        place: open.details.address,
        began: zone.date_time(open.created_at),
        sites: names,
    })
}
