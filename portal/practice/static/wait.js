// The waiting page: asks whether the phone has said yes, and goes on by itself.
const box = document.querySelector("[data-wait]");

async function look() {
  try {
    const answer = await fetch(box.dataset.wait, { cache: "no-store" });
    if (answer.ok && (await answer.json()).confirmed) {
      location.assign(box.dataset.next);
      return;
    }
  } catch {
    // the portal may be starting again; ask once more
  }
  setTimeout(look, 800);
}

const phone = document.querySelector("[data-phone]");
phone.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("role", "status");
  said.textContent = phone.dataset.done;
  fetch(phone.action, { method: "POST" }).then(() => phone.replaceWith(said));
});

setTimeout(look, 800);
