// What the editor asks the server: to keep a file, to list the library.
import { FieldError } from "./dialog.js";

const BY_STATUS = {
  400: "Tệp hoặc thông tin kèm theo chưa đúng. Bạn kiểm tra lại rồi tải lên lần nữa.",
  401: "Phiên làm việc đã hết. Bạn đăng nhập lại ở một thẻ khác rồi thử lại; nội dung ở đây vẫn còn.",
  403: "Bạn chưa được phép tải tệp, hoặc phiên làm việc đã hết. Nội dung ở đây vẫn còn.",
  413: "Tệp quá lớn. Ảnh tối đa 10 MB, tài liệu tối đa 20 MB.",
  415: "Loại tệp này không dùng được. Ảnh: JPG, PNG, WebP, GIF. Tài liệu: PDF, DOCX, XLSX, MP3.",
  429: "Bạn tải lên quá nhanh. Đợi một phút rồi thử lại.",
};

/** Send a file; answers `{ url, width, height, alt, title }`. Throws `FieldError` (field `file`). */
export async function upload(file, { uploadUrl, csrf }, details = {}) {
  const body = new FormData();
  body.append("file", file, file.name.normalize("NFC"));
  for (const [name, value] of Object.entries(details)) body.append(name, value);
  const answer = await request(uploadUrl, { method: "POST", body, headers: { "X-CSRFToken": csrf ?? "" } });
  if (!answer.url) throw new FieldError(BY_STATUS[400], "file");
  return answer;
}

/** One page of the library: `[{ url, title, alt, width, height, thumb }]`. `kind`: image or file. */
export async function library({ libraryUrl }, kind, words = "") {
  const url = new URL(libraryUrl, location.href);
  url.searchParams.set("kind", kind);
  if (words) url.searchParams.set("q", words);
  return (await request(url, {})).items ?? [];
}

/** Things of this portal whose names hold `words`: `[{ ref, url, title, what }]`. */
export async function findLinks({ linksUrl }, words) {
  const url = new URL(linksUrl, location.href);
  url.searchParams.set("q", words);
  return (await request(url, {})).items ?? [];
}

async function request(url, { headers = {}, ...options }) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...options, headers: { Accept: "application/json", ...headers } });
  } catch {
    throw new FieldError("Không nối được với máy chủ. Bạn kiểm tra mạng rồi thử lại.", "file");
  }
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  const answer = isJson ? await response.json() : {};
  if (response.ok && isJson && !response.redirected) return answer;
  const status = response.ok ? 401 : response.status; // a page instead of data: the sign-in form
  const said = answer.error ?? answer.message ?? answer.detail;
  const message = typeof said === "string" ? said : BY_STATUS[status];
  throw new FieldError(message ?? "Máy chủ chưa nhận được tệp. Bạn thử lại sau ít phút.", "file");
}
