// Shows the name of a chosen file beside its button, in place of the browser's own words.
for (const input of document.querySelectorAll(".choose input")) {
  const name = input.parentElement.querySelector("span");
  const empty = name.textContent;
  input.addEventListener("change", () => {
    name.textContent = input.files.length ? input.files[0].name : empty;
  });
}
