// Runs before the page is drawn, so that tabs and the like do not jump. Without it every page still works.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
