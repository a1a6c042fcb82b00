package fonts

import _ "embed"

//go:embed japanese.otf
var japanese []byte
