-- wrk: the same POST again and again: the body from a file, and its content type.
function init(arguments)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = arguments[2]
  local file = assert(io.open(arguments[1], "rb"))
  wrk.body = file:read("*a")
  file:close()
end
