//! Where a request is refused for what it is, nothing else happens: the database
//! is afterwards what it was before, line by line, and a code that was shown is
//! still good. (A token request with a good signature is remembered as seen,
//! whatever its code is worth.)

use serde_json::json;

use super::{code, sent};
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::authority::{Kind, TERM};
use crate::support::esia::{
    AC_V2, CODE_V3, Params, Party, ac, address, agree, post, set, te, timestamp, told,
};

/// Endpoints of a generation, and the code for what is not signed well.
struct Generation {
    kind: Kind,
    ac: &'static str,
    te: &'static str,
    wrong: &'static str,
    foreign: &'static str,
}

const GENERATIONS: [Generation; 2] = [
    Generation {
        kind: Kind::Rsa,
        ac: "/aas/oauth2/ac",
        te: "/aas/oauth2/te",
        wrong: "ESIA-007005",
        foreign: "ESIA-007002",
    },
    Generation {
        kind: Kind::Gost256,
        ac: "/aas/oauth2/v2/ac",
        te: "/aas/oauth2/v3/te",
        wrong: "ESIA-007053",
        foreign: "ESIA-007053",
    },
];

impl Generation {
    fn sign(&self, party: &Party, order: &[&str], request: &mut Params) {
        match self.kind {
            Kind::Rsa => party.cms(request),
            _ => party.raw(request, order),
        }
    }

    /// A request in a browser of its own is refused, and that is all.
    async fn refuses(&self, app: &TestApp, request: &Params, expected: (&str, bool)) {
        app.advance(1).await;
        let before = app.contents().await;
        let ended = sent(app, self.ac, request).await;
        assert_eq!((ended.0.as_str(), ended.1), expected);
        assert_eq!(app.contents().await, before, "{expected:?} at {}", self.ac);
    }

    /// The same of a program's request.
    async fn refuses_program(&self, app: &TestApp, request: &Params, expected: &str) {
        app.advance(1).await;
        let before = app.contents().await;
        let (status, answer) = post(app, self.te, request).await;
        assert_eq!((status, code(&answer).as_str()), (400, expected));
        assert!(answer.get("access_token").is_none());
        assert_eq!(app.contents().await, before, "{expected} at {}", self.te);
    }
}

#[tokio::test]
async fn what_is_refused_leaves_everything_as_it_was() {
    for generation in &GENERATIONS {
        let party = Party::new(generation.kind);
        let mut stranger = Party::of(generation.kind, "Другой УЦ");
        let subject = "/C=RU/CN=other.example";
        stranger.certificate = stranger.authority.certify(subject, TERM, "");
        let app = party.app(json!({})).await;
        let wrong = generation.wrong;

        let mut request = ac(&app, "good", "openid fullname");
        generation.sign(&party, AC_V2, &mut request);
        let way = address(generation.ac, &request);
        let back = agree(&app, &app.browser(), &way, ANNA).await;
        // Found by somebody else.
        generation.refuses(&app, &request, (wrong, true)).await;
        let mut other = ac(&app, "late", "openid fullname");
        set(&mut other, "timestamp", &timestamp(&app, -310));
        generation.sign(&party, AC_V2, &mut other);
        generation
            .refuses(&app, &other, ("ESIA-007015", true))
            .await;
        let mut other = ac(&app, "outside", "openid fullname");
        set(&mut other, "redirect_uri", "https://rp.example.org/");
        generation.sign(&party, AC_V2, &mut other);
        generation
            .refuses(&app, &other, ("ESIA-007023", false))
            .await;
        let mut other = ac(&app, "foreign", "openid fullname");
        generation.sign(&stranger, AC_V2, &mut other);
        generation
            .refuses(&app, &other, (generation.foreign, true))
            .await;

        for (name, value, told) in [
            ("scope", "openid nonsense", "ESIA-007006"),
            ("scope", "openid birth_cert_doc", "ESIA-007019"),
            ("access_type", "always", "ESIA-007003"),
            ("permissions", "W10", "ESIA-007003"),
        ] {
            let mut other = ac(&app, value, "openid");
            set(&mut other, name, value);
            generation.sign(&party, AC_V2, &mut other);
            generation.refuses(&app, &other, (told, true)).await;
        }

        let shown = told(&back, "code").unwrap();
        let mut other = te(&app, "late", &shown);
        set(&mut other, "timestamp", &timestamp(&app, 310));
        generation.sign(&party, CODE_V3, &mut other);
        generation
            .refuses_program(&app, &other, "ESIA-007015")
            .await;
        let mut other = te(&app, "foreign", &shown);
        generation.sign(&stranger, CODE_V3, &mut other);
        generation
            .refuses_program(&app, &other, generation.foreign)
            .await;
        // The code is still good, once.
        let mut exchange = te(&app, "good", &shown);
        generation.sign(&party, CODE_V3, &mut exchange);
        let (status, answer) = post(&app, generation.te, &exchange).await;
        assert_eq!(status, 200, "{answer}");
        generation.refuses_program(&app, &exchange, wrong).await;
        app.end().await;
    }
}

#[tokio::test]
async fn a_certificate_that_is_over_leaves_everything_as_it_was() {
    for generation in &GENERATIONS {
        let mut party = Party::new(generation.kind);
        let over = [TERM[0], "20260301000000Z"];
        let subject = "/C=RU/O=RP/CN=rp.example";
        party.certificate = party.authority.certify(subject, over, "");
        let app = party.app(json!({})).await;
        let mut request = ac(&app, "s", "openid");
        generation.sign(&party, AC_V2, &mut request);
        generation
            .refuses(&app, &request, (generation.wrong, true))
            .await;
        let mut exchange = te(&app, "s", "no.such.code");
        generation.sign(&party, CODE_V3, &mut exchange);
        generation
            .refuses_program(&app, &exchange, generation.wrong)
            .await;
        app.end().await;
    }
}
