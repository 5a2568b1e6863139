// Goes on once every site in the frames has been told, which is when the page is
// loaded, and after three seconds at the latest. Without scripts the browser
// goes on by itself, or the person by the link.
const { url } = document.currentScript.dataset;
let gone = false;

function goOn() {
  if (!gone) {
    gone = true;
    location.replace(url);
  }
}

addEventListener("load", goOn);
setTimeout(goOn, 3000);
