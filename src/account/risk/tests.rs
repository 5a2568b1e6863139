//! The rules one by one, and what must hold for all facts and settings.

use std::net::IpAddr;

use proptest::prelude::*;

use super::facts::Point;
use super::settings::Switch;
use super::watched::FromFile as _;
use super::*;

const NOON: Timestamp = Timestamp::from_seconds(1_774_342_800);

fn seen(minutes: i64, address: &str) -> Seen {
    let address: IpAddr = address.parse().unwrap();
    Seen {
        at: Timestamp::from_millis(NOON.millis() + minutes * 60_000),
        address,
        network: Network::of(address, None),
        place: Place::default(),
        agent: facts::family("Linux", "Firefox 140"),
    }
}

fn in_country(mut seen: Seen, code: &str) -> Seen {
    seen.place.country = Some(Country {
        code: code.to_owned(),
        name_ru: code.to_owned(),
        name_en: code.to_owned(),
    });
    seen
}

fn at_point(mut seen: Seen, latitude: f64, longitude: f64) -> Seen {
    seen.place.point = Some(Point {
        latitude,
        longitude,
        radius: 0.0,
    });
    seen
}

fn facts(here: Seen, earlier: Vec<Seen>) -> Facts {
    Facts {
        here,
        earlier,
        known_device: false,
        bad_network: None,
    }
}

fn names(facts: &Facts) -> String {
    verdict(facts, &RiskSettings::default()).names()
}

#[test]
fn a_country_is_new_where_others_are_known() {
    let home = in_country(seen(0, "192.0.2.1"), "RU");
    let away = in_country(seen(600, "192.0.2.1"), "DE");
    assert_eq!(
        names(&facts(away.clone(), vec![home.clone()])),
        "new_country"
    );
    assert_eq!(names(&facts(home.clone(), vec![away.clone(), home])), "");
    // Before there was a database, nothing was known.
    assert_eq!(names(&facts(away, vec![seen(0, "192.0.2.1")])), "");
}

#[test]
fn a_network_is_known_by_its_operator_or_its_first_bits() {
    let home = seen(0, "192.0.2.1");
    assert_eq!(names(&facts(seen(9, "192.0.77.1"), vec![home.clone()])), "");
    let other = seen(9, "198.51.100.1");
    assert_eq!(
        names(&facts(other.clone(), vec![home.clone()])),
        "new_network"
    );
    let with = |mut seen: Seen, system| {
        seen.network.system = Some(system);
        seen
    };
    let (home, other) = (with(home, 64_500), with(other, 64_500));
    assert_eq!(names(&facts(other, vec![home.clone()])), "");
    let stranger = with(seen(9, "192.0.2.2"), 64_501);
    assert_eq!(names(&facts(stranger, vec![home])), "new_network");
    let six = [seen(0, "2001:db8:1::1"), seen(9, "2001:db8:ffff::1")];
    assert_eq!(names(&facts(six[1].clone(), vec![six[0].clone()])), "");
}

#[test]
fn travel_is_impossible_faster_than_a_plane() {
    let moscow = |minutes| at_point(seen(minutes, "192.0.2.1"), 55.75, 37.62);
    let vladivostok = |minutes| at_point(seen(minutes, "192.0.2.1"), 43.12, 131.89);
    let fly = |there: Seen, here: Seen| names(&facts(here, vec![there]));
    assert_eq!(fly(moscow(0), vladivostok(60)), "impossible_travel");
    // 6 400 kilometres in eight hours.
    assert_eq!(fly(moscow(0), vladivostok(480)), "");
    // In the same minute, but near by: databases err by as much.
    let suburb = at_point(seen(0, "192.0.2.1"), 55.91, 37.85);
    assert_eq!(fly(moscow(0), suburb), "");
    // A point of which little is certain.
    let mut vague = vladivostok(60);
    vague.place.point.as_mut().unwrap().radius = 6_400.0;
    assert_eq!(fly(moscow(0), vague), "");
    let said = verdict(
        &facts(vladivostok(60), vec![moscow(0)]),
        &RiskSettings::default(),
    );
    assert_eq!(said.reasons[0].values["minutes"], "60");
    let kilometres: f64 = said.reasons[0].values["kilometres"].parse().unwrap();
    assert!((6_300.0..6_500.0).contains(&kilometres), "{kilometres}");
}

#[test]
fn an_agent_is_the_same_after_an_update() {
    let mut updated = seen(9, "192.0.2.1");
    updated.agent = facts::family("Linux", "Firefox 141");
    assert_eq!(names(&facts(updated, vec![seen(0, "192.0.2.1")])), "");
    let mut other = seen(9, "192.0.2.1");
    other.agent = facts::family("Windows 10", "Chrome 134");
    assert_eq!(
        names(&facts(other, vec![seen(0, "192.0.2.1")])),
        "new_agent"
    );
    let mut unknown = seen(9, "192.0.2.1");
    unknown.agent = None;
    assert_eq!(names(&facts(unknown, vec![seen(0, "192.0.2.1")])), "");
}

#[test]
fn many_sign_ins_in_a_short_time_are_unusual() {
    let settings = RiskSettings {
        rate_sign_ins: 3,
        ..RiskSettings::default()
    };
    let line = |minutes| seen(minutes, "192.0.2.1");
    let said = |here: i64, earlier: &[i64]| {
        let earlier = earlier.iter().map(|at| line(*at)).collect();
        verdict(&facts(line(here), earlier), &settings).names()
    };
    assert_eq!(said(3, &[2, 1]), "");
    assert_eq!(said(3, &[2, 1, 0]), "rate");
    assert_eq!(said(10, &[2, 1, 0]), "", "the first was ten minutes ago");
}

#[test]
fn a_bad_address_needs_no_history() {
    let list =
        b"# bad ones\n198.51.100.0/25 # a remark\n198.51.100.128/25\n203.0.113.7\n2001:db8::/32\n";
    let list = BadAddresses::parse(list.to_vec()).unwrap();
    let find = |address: &str| {
        list.find(address.parse().unwrap())
            .map(|net| net.to_string())
    };
    assert_eq!(find("198.51.100.200").unwrap(), "198.51.100.0/24");
    assert_eq!(find("203.0.113.7").unwrap(), "203.0.113.7/32");
    assert_eq!(find("2001:db8:5::1").unwrap(), "2001:db8::/32");
    for good in [
        "198.51.101.0",
        "198.51.99.255",
        "203.0.113.8",
        "0.0.0.0",
        "::1",
    ] {
        assert_eq!(find(good), None, "{good}");
    }
    let mut first = facts(seen(0, "203.0.113.7"), Vec::new());
    first.bad_network = list.find(first.here.address);
    let verdict = verdict(&first, &RiskSettings::default());
    assert_eq!(
        (verdict.names().as_str(), verdict.score()),
        ("bad_address", 60)
    );
    assert!(verdict.asks_factor());
    let error = BadAddresses::parse(b"10.0.0.0/8\nnonsense\n".to_vec());
    let error = error.err().unwrap().to_string();
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn rules_are_on_off_or_weighted() {
    let settings: RiskSettings = toml::from_str(
        "[rules]\nnew_country = 7\nnew_network = 'off'\nrate = false\nnew_agent = 'on'",
    )
    .unwrap();
    settings.check().unwrap();
    let weigh = |name: &str| {
        let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
        settings.weight(rule)
    };
    assert_eq!(weigh("new_country"), Some(7));
    assert_eq!(weigh("new_network"), None);
    assert_eq!(weigh("rate"), None);
    assert_eq!(weigh("new_agent"), Some(10));
    assert_eq!(weigh("bad_address"), Some(60));
    for (wrong, named) in [
        ("[rules]\nnew_moon = 3", "risk.rules.new_moon"),
        ("restrict = 30", "risk.restrict"),
        ("restrict_hours = 0", "risk.restrict_hours"),
    ] {
        let settings: RiskSettings = toml::from_str(wrong).unwrap();
        let error = settings.check().unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
    assert!(toml::from_str::<RiskSettings>("[rules]\nrate = 'often'").is_err());
}

#[test]
fn a_known_device_is_never_shut_out() {
    let mut all = facts(
        at_point(in_country(seen(1, "198.51.100.1"), "DE"), 43.0, 131.0),
        vec![at_point(in_country(seen(0, "192.0.2.1"), "RU"), 55.0, 37.0)],
    );
    all.bad_network = Some("198.51.100.0/24".parse().unwrap());
    let settings = RiskSettings::default();
    assert_eq!(verdict(&all, &settings).outcome, Outcome::End);
    all.known_device = true;
    assert_eq!(verdict(&all, &settings).outcome, Outcome::AskFactor);
}

fn some_seen() -> impl Strategy<Value = Seen> {
    let countries = prop::option::of(prop::sample::select(vec!["RU", "DE", "BR"]));
    let points = prop::option::of((-90.0..90.0f64, -180.0..180.0f64));
    (
        -3_000i64..0,
        any::<[u8; 4]>(),
        prop::option::of(0u32..4),
        countries,
        points,
        prop::option::of(prop::sample::select(vec![
            "Firefox, Linux",
            "Chrome, Windows 10",
        ])),
    )
        .prop_map(|(minutes, address, system, country, point, agent)| {
            let mut seen = seen(minutes, &IpAddr::from(address).to_string());
            seen.network.system = system;
            seen.agent = agent.map(str::to_owned);
            if let Some(code) = country {
                seen = in_country(seen, code);
            }
            if let Some((latitude, longitude)) = point {
                seen = at_point(seen, latitude, longitude);
            }
            seen
        })
}

fn some_facts() -> impl Strategy<Value = Facts> {
    (
        some_seen(),
        prop::collection::vec(some_seen(), 0..8),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(mut here, mut earlier, known_device, bad)| {
            here.at = NOON;
            earlier.sort_by_key(|seen| std::cmp::Reverse(seen.at));
            Facts {
                bad_network: bad.then(|| IpNet::from(here.address)),
                here,
                earlier,
                known_device,
            }
        })
}

fn some_switch() -> impl Strategy<Value = Switch> {
    prop_oneof![
        Just(Switch::On),
        Just(Switch::Off),
        (0u32..200).prop_map(Switch::Weighs),
    ]
}

fn some_settings() -> impl Strategy<Value = RiskSettings> {
    let switches = prop::collection::vec(prop::option::of(some_switch()), RULES.len());
    (switches, [0u32..60, 0..60, 0..60, 0..60], 0u32..4).prop_map(
        |(switches, steps, rate_sign_ins)| {
            let rules = RULES.iter().zip(switches);
            let mut settings = RiskSettings {
                rate_sign_ins,
                rules: rules
                    .filter_map(|(rule, switch)| Some((rule.name.to_owned(), switch?)))
                    .collect(),
                ..RiskSettings::default()
            };
            settings.notify = steps[0];
            settings.ask_factor = settings.notify + steps[1];
            settings.restrict = settings.ask_factor + steps[2];
            settings.end = settings.restrict + steps[3];
            settings
        },
    )
}

proptest! {
    #[test]
    fn more_weight_never_gives_a_milder_outcome(
        facts in some_facts(),
        settings in some_settings(),
        heavier in 0..RULES.len(),
        more in 0u32..200,
    ) {
        let rule = &RULES[heavier];
        let before = verdict(&facts, &settings);
        let mut changed = settings.clone();
        let weight = settings.weight(rule).unwrap_or_default() + more;
        changed.rules.insert(rule.name.to_owned(), Switch::Weighs(weight));
        prop_assert!(verdict(&facts, &changed).outcome >= before.outcome);
    }

    #[test]
    fn a_rule_that_is_off_never_speaks(facts in some_facts(), settings in some_settings()) {
        let verdict = verdict(&facts, &settings);
        for reason in &verdict.reasons {
            prop_assert!(settings.rules.get(&reason.rule) != Some(&Switch::Off));
            prop_assert!(reason.row().is_some());
        }
        let mut silent = settings.clone();
        silent.rules = RULES.iter().map(|rule| (rule.name.to_owned(), Switch::Off)).collect();
        let verdict = super::verdict(&facts, &silent);
        prop_assert!(verdict.reasons.is_empty());
        prop_assert_eq!(verdict.outcome, Outcome::Nothing);
    }

    #[test]
    fn without_a_history_nothing_is_compared(facts in some_facts(), settings in some_settings()) {
        let first = Facts { earlier: Vec::new(), ..facts };
        for reason in verdict(&first, &settings).reasons {
            prop_assert_eq!(reason.rule, "bad_address");
        }
    }
}
