// Shows the communes of the chosen province only; without this script all are listed by province.
const province = document.getElementById("tinh");
const commune = document.getElementById("xa");
const groups = [...commune.querySelectorAll("optgroup")];

function show(keep) {
  groups.forEach((group) => group.remove());
  const group = groups.find((one) => one.dataset.province === province.value);
  if (!keep) commune.value = "";
  if (group) commune.append(group);
  commune.disabled = !group;
}

province.addEventListener("change", () => show(false));
show(true);
