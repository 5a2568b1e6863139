// A page that waits for something looks whether it has come. What has changed
// meanwhile is put into its place; when there is nothing more to wait for, the
// page is opened anew. Without scripts the browser opens it anew by itself.
const { url, seconds } = document.currentScript.dataset;
const places = (page) => page.querySelectorAll("[data-watched]");

async function look() {
  try {
    const answer = await fetch(url, { cache: "no-store", redirect: "manual" });
    const seen = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.type === "opaqueredirect" || !seen.querySelector("script[data-url]")) {
      location.replace(url);
      return;
    }
    const fresh = places(seen);
    places(document).forEach((place, at) => {
      if (fresh[at] && place.innerHTML !== fresh[at].innerHTML) {
        place.replaceChildren(...fresh[at].childNodes);
      }
    });
  } catch {
    // The network is away for a moment.
  }
  setTimeout(look, seconds * 1000);
}

setTimeout(look, seconds * 1000);
