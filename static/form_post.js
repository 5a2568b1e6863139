// Sends the form of this page by itself (OAuth 2.0 Form Post Response Mode).
// Without scripts the person presses its button.
document.forms[0].submit();
