"""Write the encoder's word pieces as a SentencePiece model, which holds them in a fifth of the usual memory."""

from sentencepiece import sentencepiece_model_pb2

from kuulo.group.encoder_file import EncoderFile

_UNIGRAM = 1
_NORMAL, _UNKNOWN, _CONTROL = 1, 2, 3


def write_pieces(model: EncoderFile) -> bytes:
    """Give the serialised model: the pieces in their order, with no normaliser (embed.py maps characters)."""
    proto = sentencepiece_model_pb2.ModelProto()
    control = {model.begin, model.end, model.pad}
    for number, (text, score) in enumerate(zip(model.piece_texts(), model.scores.tolist(), strict=True)):
        kind = _UNKNOWN if number == model.unknown else _CONTROL if number in control else _NORMAL
        proto.pieces.add(piece=text, score=score, type=kind)
    trainer, normalizer = proto.trainer_spec, proto.normalizer_spec
    trainer.model_type, trainer.vocab_size = _UNIGRAM, len(model.scores)
    trainer.unk_id, trainer.bos_id = model.unknown, model.begin
    trainer.eos_id, trainer.pad_id = model.end, model.pad
    normalizer.name = "identity"
    normalizer.add_dummy_prefix = normalizer.remove_extra_whitespaces = normalizer.escape_whitespaces = True
    return bytes(proto.SerializeToString())
