//! Devices that wait for their people ask whether they have answered (RFC 8628
//! §3.4). A device that keeps the interval asks once in it, so each of many
//! asks once: the work is counted, not the time.

use super::Bench;
use crate::http::Connection;
use crate::measure::{Measured, Worker, counted_loop};
use crate::side::{DEVICE_CLIENT, Side};

/// Questions ready to be sent by one connection.
struct Devices {
    connection: Connection,
    waiting: Vec<String>,
}

impl Devices {
    /// Each of them begins to wait; not measured.
    async fn begin(side: &Side, count: usize) -> Result<Self, String> {
        let mut connection = Connection::open(&side.authority).await?;
        let begin = side.form_request("/oauth/device_authorization", DEVICE_CLIENT, "scope=openid");
        let mut waiting = Vec::with_capacity(count);
        for _ in 0..count {
            let answer = connection.send(begin.as_bytes()).await?;
            let code = answer
                .member("device_code")
                .ok_or_else(|| answer.describe())?;
            let body = format!(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code={code}"
            );
            waiting.push(side.form_request("/oauth/token", DEVICE_CLIENT, &body));
        }
        Ok(Self {
            connection,
            waiting,
        })
    }
}

impl Worker for Devices {
    async fn once(&mut self) -> Result<(), String> {
        let request = self.waiting.pop().ok_or("every device has asked")?;
        let answer = self.connection.send(request.as_bytes()).await?;
        match answer.member("error") {
            Some("authorization_pending") => Ok(()),
            _ => Err(answer.describe()),
        }
    }
}

/// New devices for every measurement, the same number on both sides.
pub async fn run(bench: &Bench<'_>) -> Result<(Measured, Measured), String> {
    let (warm, counted) = (bench.plan.warm_polls, bench.plan.polls);
    bench
        .pair(async |side| {
            let begin = |_| Devices::begin(side, warm + counted);
            let devices =
                futures_util::future::try_join_all((0..bench.plan.connections).map(begin)).await?;
            let (_, devices) = counted_loop(devices, warm).await?;
            Ok(counted_loop(devices, counted).await?.0)
        })
        .await
}
