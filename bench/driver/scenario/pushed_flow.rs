//! What a bank does (FAPI 2.0): the request is pushed, the code is redeemed and
//! the token is bound to a key, which is proved by DPoP at both. The person is
//! signed in and has agreed before. One flow is three requests and two proofs.

use super::Bench;
use crate::http::Connection;
use crate::measure::{Measured, Worker, closed_loop};
use crate::proof::ProofKey;
use crate::side::{
    DPOP_CLIENT, Pkce, Session, Side, authorization_query, code_of, is_signed, pushed_path,
    redemption,
};

const SCOPE: &str = "openid profile";

struct Bank {
    side: Side,
    session: Session,
    /// The person's browser.
    front: Connection,
    /// The bank's own server.
    back: Connection,
    key: ProofKey,
    flows: u64,
}

impl Bank {
    /// Signs in and agrees; not measured.
    async fn open(side: &Side) -> Result<Self, String> {
        let (person, source) = side.people.next();
        let mut back = Connection::open(&side.authority).await?;
        let mut key = ProofKey::new()?;
        let pkce = Pkce::of(&person.login);
        let query = authorization_query(
            DPOP_CLIENT,
            SCOPE,
            &pkce.challenge,
            "setup",
            Some(&person.login),
        );
        let pushed = push(side, &mut back, &mut key, &query).await?;
        let (session, code) = side
            .agree(&pushed_path(DPOP_CLIENT, &pushed), person, source)
            .await?;
        redeem(side, &mut back, &mut key, &code, &pkce).await?;
        Ok(Self {
            side: side.clone(),
            front: session.connect(side).await?,
            session,
            back,
            key,
            flows: 0,
        })
    }
}

impl Worker for Bank {
    async fn once(&mut self) -> Result<(), String> {
        self.flows += 1;
        let state = format!("p{}", self.flows);
        let pkce = Pkce::of(&format!("{} {state}", self.session.person.login));
        let query = authorization_query(DPOP_CLIENT, SCOPE, &pkce.challenge, &state, None);
        let pushed = push(&self.side, &mut self.back, &mut self.key, &query).await?;
        let request = self.side.get_request(
            &pushed_path(DPOP_CLIENT, &pushed),
            &format!("Cookie: {}", self.session.cookies),
        );
        let answer = self.front.send(request.as_bytes()).await?;
        let code = answer
            .header("location")
            .and_then(code_of)
            .ok_or_else(|| answer.describe())?;
        redeem(&self.side, &mut self.back, &mut self.key, code, &pkce).await
    }
}

/// Pushes a request (RFC 9126 §2). Returns its `request_uri`.
async fn push(
    side: &Side,
    back: &mut Connection,
    key: &mut ProofKey,
    query: &str,
) -> Result<String, String> {
    let path = "/oauth/par";
    let proof = key.header_line(&format!("http://{}{path}", side.authority))?;
    let request = side.form_request_with(path, DPOP_CLIENT, &proof, query);
    let answer = back.send(request.as_bytes()).await?;
    match (answer.status, answer.member("request_uri")) {
        (201, Some(uri)) => Ok(uri.to_owned()),
        _ => Err(answer.describe()),
    }
}

/// Redeems a code for a bound access token and an ID token.
async fn redeem(
    side: &Side,
    back: &mut Connection,
    key: &mut ProofKey,
    code: &str,
    pkce: &Pkce,
) -> Result<(), String> {
    let path = "/oauth/token";
    let proof = key.header_line(&format!("http://{}{path}", side.authority))?;
    let body = redemption(code, &pkce.verifier);
    let request = side.form_request_with(path, DPOP_CLIENT, &proof, &body);
    let answer = back.send(request.as_bytes()).await?;
    let is_bound = answer.member("token_type") == Some("DPoP");
    if answer.status == 200
        && is_bound
        && is_signed(&answer, "access_token")
        && is_signed(&answer, "id_token")
    {
        Ok(())
    } else {
        Err(answer.describe())
    }
}

/// One person, one bank's server and one key for each connection.
pub async fn run(bench: &Bench<'_>) -> Result<(Measured, Measured), String> {
    bench
        .pair(async |side| {
            let mut banks = Vec::new();
            for _ in 0..bench.plan.connections {
                banks.push(Bank::open(side).await?);
            }
            let (_, banks) = closed_loop(banks, bench.plan.warm_span()).await?;
            Ok(closed_loop(banks, bench.plan.span()).await?.0)
        })
        .await
}
