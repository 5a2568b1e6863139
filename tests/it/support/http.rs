//! HTTP clients of tests. They speak TLS whichever test of the process runs
//! first, and ask no proxy that the environment names.

/// Chooses who speaks TLS in this process, unless somebody has chosen.
pub fn choose_tls() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// A client that is not made yet.
pub fn builder() -> reqwest::ClientBuilder {
    choose_tls();
    reqwest::Client::builder().no_proxy()
}

/// A client that follows redirects.
pub fn client() -> reqwest::Client {
    builder().build().unwrap()
}

/// A client that shows redirects.
pub fn staying() -> reqwest::Client {
    let never = reqwest::redirect::Policy::none();
    builder().redirect(never).build().unwrap()
}

/// Waits until something is there.
pub async fn answers(address: &str) {
    let http = client();
    for _ in 0..300 {
        if http
            .get(address)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{address} does not answer");
}
