// Leaves a page as the session ends, so that nobody else finds personal data on
// the screen. Without scripts the browser does it by itself. In a block, as other
// scripts of a page have names of their own.
{
  const { leaveFor, leaveAfter } = document.currentScript.dataset;
  setTimeout(() => location.replace(leaveFor), leaveAfter * 1000);
}
