-- What wrk sends. The harness writes the whole request into LOAD_HEAD (request line and headers, without an empty line)
-- and LOAD_BODY; `{value}` in either stands for what changes. LOAD_MODE says where values come from:
--   static    nothing changes
--   once      each line of LOAD_FILE is used once
--   refresh   the lines of LOAD_FILE are refresh tokens; the successor in each answer takes its predecessor's place
--   collect   nothing changes, and the code in each redirect is written to LOAD_FILE
-- Anything wrong is written to standard error; the harness then lets the run fail.
local mode, file = os.getenv("LOAD_MODE"), os.getenv("LOAD_FILE")
local head, body = os.getenv("LOAD_HEAD"), os.getenv("LOAD_BODY") or ""
local values, first, last = {}, 1, 0
local complained = false

local function complain(words)
  if not complained then
    io.stderr:write(words, "\n")
    complained = true
  end
end

-- Cut up once, so that no request costs a search.
local function cut(text)
  local from, to = text:find("{value}", 1, true)
  if from then return text:sub(1, from - 1), text:sub(to + 1), true end
  return text, "", false
end
local head_before, head_after, in_head = cut(head)
local body_before, body_after, in_body = cut(body)

local function build(value)
  local filled = body_before .. (in_body and value or "") .. body_after
  local length = filled ~= "" and "Content-Length: " .. #filled .. "\r\n" or ""
  return head_before .. (in_head and value or "") .. head_after .. length .. "\r\n" .. filled
end

if mode == "static" or mode == "collect" then
  local only = build("")
  function request() return only end
else
  function request()
    if first > last then
      complain("exhausted")
      wrk.thread:stop()
      -- Never a value for the second time: a code that comes twice ends its grant.
      return build("")
    end
    local value = values[first]
    first = first + 1
    return build(value)
  end
end

function init()
  if mode == "once" or mode == "refresh" then
    for line in io.lines(file) do
      last = last + 1
      values[last] = line
    end
  elseif mode == "collect" then
    file = io.open(file, "w")
    file:setvbuf("full", 65536)
  end
end

if mode == "refresh" then
  function response(status, _, answer)
    local successor = status == 200 and answer:match('"refresh_token":"([^"]+)"')
    if successor then
      last = last + 1
      values[last] = successor
    else
      complain("a refresh was answered " .. status .. " " .. answer:sub(1, 200))
    end
  end
elseif mode == "collect" then
  function response(status, headers, answer)
    local code = (headers["location"] or headers["Location"] or ""):match("[?&]code=([^&]+)")
    if code then
      file:write(code, "\n")
    else
      complain("an authorization request was answered " .. status .. " " .. answer:sub(1, 200))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d,"median":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors.connect, errors.read, errors.write, errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(99)))
end
