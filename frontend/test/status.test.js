// The line under the sheet advises about the form around it too.
import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";

const { toDoc } = await import("../editor/html.js");
const { status } = await import("../editor/status.js");

test("a missing summary is told and led to, until there is one", () => {
  const summary = document.createElement("textarea");
  document.body.append(summary);
  const foot = status(() => assert.fail("the place is a field, not a passage"), summary);
  document.body.append(foot.dom);
  foot.refresh(toDoc("<p>Nộp hồ sơ tại nhà.</p>"));
  assert.match(foot.dom.textContent, /chưa có tóm tắt/);
  foot.dom.querySelector("li button").click();
  assert.equal(document.activeElement, summary);
  summary.value = "Ba bước nộp hồ sơ.";
  foot.refresh(toDoc("<p>Nộp hồ sơ tại nhà.</p>"));
  assert.doesNotMatch(foot.dom.textContent, /chưa có tóm tắt/);
});

test("an empty sheet is not told off", () => {
  const foot = status(() => {}, document.createElement("textarea"));
  foot.refresh(toDoc(""));
  assert.doesNotMatch(foot.dom.textContent, /chưa có tóm tắt/);
});
