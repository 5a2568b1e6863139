//! Headless Chromium, driven by its WebDriver.

use std::process::Stdio;
use std::time::Duration;

use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use tokio::process::{Child, Command};

use crate::support::http;
use crate::support::process::free_port;

/// A browser window of a width, and the programs behind it.
pub struct Chromium {
    pub driver: WebDriver,
    /// Of the program that drives it.
    address: String,
    profile: std::path::PathBuf,
    chromedriver: Child,
}

impl Chromium {
    /// Opens a window of `width` pixels that prefers `lang`.
    pub async fn open(width: u32, lang: &str) -> Self {
        let port = free_port();
        let chromedriver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is installed (bin/test installs it)");
        let profile =
            std::env::temp_dir().join(format!("propusk-chromium-{}-{port}", std::process::id()));
        let mut options = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--lang={lang}"),
            format!("--accept-lang={lang}"),
            format!("--window-size={width},1000"),
            format!("--user-data-dir={}", profile.display()),
        ] {
            options.add_arg(&argument).unwrap();
        }
        let address = format!("http://127.0.0.1:{port}");
        let mut last = None;
        for _ in 0..50 {
            match WebDriver::new(&address, options.clone()).await {
                Ok(driver) => {
                    return Self {
                        driver,
                        address,
                        profile,
                        chromedriver,
                    };
                }
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("Chromium does not start: {last:?}");
    }

    /// Gives the browser an authenticator that knows its holder (WebAuthn Level 3
    /// §12.3).
    pub async fn add_authenticator(&self, transport: &str) {
        let session = self.driver.session_id();
        let address = format!("{}/session/{session}/webauthn/authenticator", self.address);
        let http = http::client();
        let asked = serde_json::json!({
            "protocol": "ctap2", "transport": transport, "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true,
        });
        let answer = http.post(address).json(&asked).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    /// A command of the browser's own tools (Chrome DevTools Protocol).
    pub async fn tools(&self, command: &str, params: serde_json::Value) {
        let session = self.driver.session_id();
        let address = format!("{}/session/{session}/goog/cdp/execute", self.address);
        let http = http::client();
        let asked = serde_json::json!({ "cmd": command, "params": params });
        let answer = http.post(address).json(&asked).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{command}: {}",
            answer.text().await.unwrap()
        );
    }

    /// Opens an address.
    pub async fn open_page(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    /// Waits for the element with this id.
    pub async fn find(&self, id: &str) -> WebElement {
        match self
            .driver
            .query(By::Id(id))
            .wait(Duration::from_secs(10), Duration::from_millis(50))
            .first()
            .await
        {
            Ok(element) => element,
            Err(_) => panic!(
                "no #{id} on {}:\n{}",
                self.driver.current_url().await.unwrap(),
                self.driver.source().await.unwrap()
            ),
        }
    }

    /// Presses the element with this id; if the page was left between the look
    /// and the press, the one that took its place. Where a press leads to
    /// another page, that page is there afterwards.
    pub async fn press(&self, id: &str) {
        for _ in 0..20 {
            match self.press_and_follow(&self.find(id).await).await {
                Err(error) if matches!(*error, WebDriverErrorInner::StaleElementReference(_)) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                pressed => return pressed.unwrap(),
            }
        }
        panic!("#{id} never stood still");
    }

    /// The driver returns from a press before the browser has begun to leave:
    /// whatever is done next would be done to the old page, or undone.
    async fn press_and_follow(&self, element: &WebElement) -> WebDriverResult<()> {
        let leads = "window.isOld = true;
            const pressed = arguments[0].closest('a[href], button, input[type=submit]');
            return Boolean(pressed && (pressed.href || (pressed.form && pressed.type === 'submit')));";
        let leads = self.driver.execute(leads, vec![element.to_json()?]).await?;
        element.click().await?;
        if !leads.convert::<bool>()? {
            return Ok(());
        }
        // Fields that the browser itself finds wrong keep the page.
        for _ in 0..60 {
            let there = "return !window.isOld && document.readyState === 'complete'";
            let there = self.driver.execute(there, vec![]).await;
            if there.is_ok_and(|there| there.convert().unwrap_or(false)) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// What a link of the page leads to, as it would be saved, with the cookies
    /// of this browser.
    pub async fn download(&self, id: &str) -> Vec<u8> {
        let href = self.find(id).await.prop("href").await.unwrap().unwrap();
        let cookies = self.driver.get_all_cookies().await.unwrap();
        let cookies: Vec<_> = cookies
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        let http = http::client();
        let answer = http
            .get(href)
            .header("cookie", cookies.join("; "))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    /// Presses the first element a selector finds.
    pub async fn press_first(&self, selector: &str) {
        let found = self.driver.find(thirtyfour::By::Css(selector)).await;
        self.press_and_follow(&found.unwrap()).await.unwrap();
    }

    /// Types into the field with this id.
    pub async fn fill(&self, id: &str, text: &str) {
        let field = self.find(id).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// The text of the element with this id.
    pub async fn text(&self, id: &str) -> String {
        self.find(id).await.text().await.unwrap()
    }

    /// The text of the first element of a class.
    pub async fn text_of_class(&self, class: &str) -> String {
        let element = self
            .driver
            .query(By::ClassName(class))
            .first()
            .await
            .unwrap();
        element.text().await.unwrap()
    }

    /// Whether the page holds an element with this id now.
    pub async fn has(&self, id: &str) -> bool {
        !self.driver.find_all(By::Id(id)).await.unwrap().is_empty()
    }

    /// The words of the whole page.
    pub async fn words(&self) -> String {
        self.driver
            .find(By::Tag("body"))
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    /// Closes the window.
    pub async fn close(mut self) {
        self.driver.quit().await.unwrap();
        let _ = self.chromedriver.kill().await;
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
