// Leaves a page as the session ends, so that nobody else finds personal data on
// the screen. Without scripts the browser does it by itself.
const { url, seconds } = document.currentScript.dataset;
setTimeout(() => location.replace(url), seconds * 1000);
