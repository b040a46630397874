import assert from "node:assert/strict";
import { test } from "node:test";
import { ownImage, safeHref, typedHref, youtubeId } from "../editor/urls.js";

test("addresses that may be stored", () => {
  for (const good of ["https://a.vn/x?y=1#z", "HTTP://a.vn", "mailto:a@b.vn", "tel:+84225", "/thu-tuc/1.012290", "#muc-1", "?trang=2", "trang/con"]) {
    assert.equal(safeHref(good), good);
  }
});

test("addresses that may not", () => {
  for (const bad of ["", " ", "javascript:1", "JaVaScRiPt:1", "java\tscript:1", "\u0001javascript:1", "data:text/html,1", "vbscript:x", "file:///c:/x", "//a.vn", "/\\a.vn", "\\\\a", "&#106;avascript:1", null]) {
    assert.equal(safeHref(bad), null, JSON.stringify(bad));
  }
});

test("what people type becomes an address", () => {
  assert.equal(typedHref("dichvucong.gov.vn"), "https://dichvucong.gov.vn");
  assert.equal(typedHref("soyte.haiphong.gov.vn/tin tuc"), "https://soyte.haiphong.gov.vn/tin%20tuc");
  assert.equal(typedHref("vanthu@haiphong.gov.vn"), "mailto:vanthu@haiphong.gov.vn");
  assert.equal(typedHref("0225 3745 680"), "tel:02253745680");
  assert.equal(typedHref("/thu-tuc/1.012290"), "/thu-tuc/1.012290");
  for (const bad of ["", "tại đây", "javascript:1", "//x.vn"]) assert.equal(typedHref(bad), null);
});

test("only pictures of the site", () => {
  assert.equal(ownImage("/tu-lieu/2026/a-b_c.jpg"), "/tu-lieu/2026/a-b_c.jpg");
  assert.equal(ownImage("https://cong.vn/tu-lieu/a.jpg", "https://cong.vn"), "/tu-lieu/a.jpg");
  for (const bad of ["https://x.vn/tu-lieu/a.jpg", "//x/tu-lieu/a.jpg", "/tu-lieu/../a", "data:image/png;base64,x", "file:///a.png", "/tu-lieu/a.jpg?x"]) {
    assert.equal(ownImage(bad, "https://cong.vn"), null, bad);
  }
});

test("youtube addresses", () => {
  for (const address of [
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://m.youtube.com/watch?app=x&v=dQw4w9WgXcQ&t=3", "youtu.be/dQw4w9WgXcQ?si=x",
    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://youtube.com/shorts/dQw4w9WgXcQ", "www.youtube.com/live/dQw4w9WgXcQ",
  ]) {
    assert.equal(youtubeId(address), "dQw4w9WgXcQ", address);
  }
  for (const bad of ["https://evil.vn/youtube.com/embed/dQw4w9WgXcQ", "https://youtube.com.evil.vn/embed/dQw4w9WgXcQ", "https://youtube.com/", "javascript:youtu.be/dQw4w9WgXcQ", ""]) {
    assert.equal(youtubeId(bad), null, bad);
  }
});
