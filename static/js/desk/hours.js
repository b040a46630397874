// Buttons that say exactly what they will do: their words follow the fields beside them. Without
// this the server shows the hour on a page of its own before anything happens.
const wall = (day, hour) => (day && hour ? `${hour} ngày ${day.split("-").reverse().join("/")}` : "");
const moment = (day, hour) => new Date(`${day}T${hour}:00+07:00`);

/** The words for a pair of fields; tells the browser when that hour has passed. */
function said(form, day, hour) {
  const [date, time] = [form.elements[day], form.elements[hour]];
  const words = wall(date.value, time.value);
  const past = words && moment(date.value, time.value) <= new Date();
  date.setCustomValidity(past ? `${words} đã qua. Chọn giờ sau lúc này.` : "");
  return words;
}

function extra(form, name, value) {
  const input = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  input.value = value;
}

/** Publishing at an hour: straight from this form, since its button tells the hour. */
export function sayHours(form) {
  const button = form.querySelector("button[type=submit]");
  form.method = "post";
  form.action = form.dataset.action;
  extra(form, "csrf_token", form.dataset.csrf);
  extra(form, "version", form.dataset.version);
  extra(form, "hen", "1");
  const follow = () => {
    const at = said(form, "ngay", "gio"), until = said(form, "go_ngay", "go_gio");
    const over = until && `, tự gỡ lúc ${until}`;
    button.textContent = at ? `Hẹn đăng lúc ${at}${over}` : "Hẹn đăng: chọn ngày và giờ";
  };
  form.addEventListener("input", follow);
  follow();
}

const WAYS = {
  notice: "Gỡ ngay, có thông báo và lý do",
  merged: "Gỡ ngay và dẫn sang trang thay thế",
  error: "Gỡ ngay, không để dấu vết",
};

/** Withdrawing: now in one of three ways, or at an hour. */
export function sayWithdrawal(form) {
  const button = form.querySelector(".button--danger");
  const hours = form.querySelector(".withdraw-form__hour"), target = form.querySelector("#trang-thay-the");
  const follow = () => {
    const later = form.elements.when.value === "hen", way = form.elements.way.value;
    const at = later ? said(form, "ngay", "gio") : "";
    hours.hidden = !later;
    target.hidden = way !== "merged";
    form.elements.seen.value = at ? "1" : "";
    const words = at ? `Hẹn gỡ lúc ${at}` : "Hẹn gỡ: chọn ngày và giờ";
    button.textContent = later ? words : WAYS[way];
  };
  form.addEventListener("input", follow);
  follow();
}
