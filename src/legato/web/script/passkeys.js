// Where a passkey fails, or its reader thinks better of it, the page says so.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("[data-passkey-problem]").hidden = false;
});
