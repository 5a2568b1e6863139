use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_774_342_800);

fn known() -> Value {
    json!({
        "trust_framework": TRUST_FRAMEWORK, "assurance_level": "standard",
        "time": "2026-03-24T09:00:00Z",
        "evidence": [
            { "type": "electronic_record", "record": { "type": "tax" } },
            { "type": "document", "document_details": { "type": "idcard" } },
        ],
    })
}

#[test]
fn three_ways_to_ask_for_anything_mean_the_same() {
    for any in [json!(null), json!({}), json!({ "essential": false })] {
        let wanted = json!({ "trust_framework": any });
        assert_eq!(
            select(&wanted, &known(), NOW),
            Some(json!({ "trust_framework": TRUST_FRAMEWORK })),
            "{any}"
        );
    }
}

#[test]
fn what_meets_no_condition_is_left_out_and_a_foreign_framework_takes_all_along() {
    let wanted = json!({
        "trust_framework": null, "assurance_level": { "value": "verified" },
        "time": { "max_age": 60 },
    });
    assert_eq!(
        select(&wanted, &known(), NOW),
        Some(json!({ "trust_framework": TRUST_FRAMEWORK, "time": "2026-03-24T09:00:00Z" }))
    );
    let later = Timestamp::from_seconds(NOW.seconds() + 61);
    assert_eq!(
        select(&json!({ "time": { "max_age": 60 } }), &known(), later),
        None
    );
    let foreign = json!({ "trust_framework": { "value": "eidas" }, "time": null });
    assert_eq!(select(&foreign, &known(), NOW), None);
    let among = json!({ "trust_framework": { "values": ["eidas", TRUST_FRAMEWORK] } });
    assert!(select(&among, &known(), NOW).is_some());
}

#[test]
fn evidence_is_picked_by_its_type_and_cut_to_what_is_wanted() {
    let wanted = json!({ "evidence": [{ "type": { "value": "document" } }] });
    assert_eq!(
        select(&wanted, &known(), NOW),
        Some(json!({ "evidence": [{ "type": "document" }] }))
    );
    let wanted = json!({ "evidence": [
        { "type": { "value": "vouch" } },
        { "type": { "value": "electronic_record" }, "record": { "type": null } },
    ] });
    assert_eq!(
        select(&wanted, &known(), NOW),
        Some(json!({ "evidence": [
            { "type": "electronic_record", "record": { "type": "tax" } },
        ] }))
    );
    // Nothing is given away by asking for everything at once.
    assert_eq!(select(&json!({ "evidence": null }), &known(), NOW), None);
}

#[test]
fn a_request_without_its_parts_is_refused_and_unknown_claims_are_left_out() {
    let all = |_: &str| true;
    for wrong in [
        json!({ "claims": { "given_name": null } }),
        json!({ "verification": {}, "claims": { "given_name": null } }),
        json!({ "verification": { "trust_framework": null } }),
        json!({ "verification": { "trust_framework": null }, "claims": {} }),
        json!("x"),
        json!([1]),
    ] {
        assert!(requests(Some(&wrong), all).is_err(), "{wrong}");
    }
    let request =
        |claims: Value| json!({ "verification": { "trust_framework": null }, "claims": claims });
    let odd = request(json!({ "given_name": null, "rank": null, "": {}, "email": null }));
    let read = requests(Some(&odd), all).unwrap();
    assert_eq!(names(&read[0]).collect::<Vec<_>>(), ["given_name"]);
    let none = request(json!({ "rank": { "essential": true } }));
    assert_eq!(requests(Some(&none), all), Ok(Vec::new()));
    assert_eq!(requests(None, all), Ok(Vec::new()));
}

#[test]
fn a_document_says_whether_it_was_seen_or_sent() {
    let proof = |source| Evidence {
        source,
        given_by: "centre-1 boris".to_owned(),
        at: NOW,
        expires_at: None,
        withdrawn_at: None,
        covers: crate::model::evidence::Facts::default(),
    };
    let methods = |source| {
        let found = document(&proof(source))?;
        let details = found["check_details"].as_array()?.clone();
        let names = details.iter().map(|one| one["check_method"].clone());
        Some(names.collect::<Vec<_>>())
    };
    assert_eq!(
        methods(Source::ServiceCentre),
        Some(vec![json!("vpip"), json!("pvp")])
    );
    assert_eq!(
        methods(Source::Video),
        Some(vec![json!("vri"), json!("pvr")])
    );
    assert_eq!(methods(Source::Letter), None);
    // Two operators held the document against the data; no registry is claimed,
    // even if a centre were called like one.
    let mut two = proof(Source::TwoOperators);
    two.given_by = "passports boris tax_service vera".to_owned();
    assert_eq!(methods(Source::TwoOperators), Some(vec![json!("vpip")]));
    assert_eq!(records(&two), Vec::<Value>::new());
}
