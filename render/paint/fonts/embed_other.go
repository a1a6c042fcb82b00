//go:build !js

package fonts

import _ "embed"

//go:embed japanese-all.otf
var japanese []byte
