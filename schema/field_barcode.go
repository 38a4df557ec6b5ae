package schema

// barcodeField is the text of a scanned bar code or QR code.
type barcodeField struct{ textKind }

func (barcodeField) Info() Info { return textInfo(TypeBarcode) }
