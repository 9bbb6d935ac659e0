/**
 * @module The texts of the pieces that the pass inserts.
 */
import { helperNames } from '../helper-names.js';
import {
  closer,
  dynamicWriteStart,
  dynamicWriteValue,
  globalPrefix,
  opener,
  optionalBracket,
  optionalDot,
  parenthesis,
  shorthandKey,
} from '../insertions.js';
import { Piece } from './recorder.js';

export const pieceTexts: readonly string[] = (() => {
  const texts: string[] = [];
  texts[Piece.Closer] = closer;
  texts[Piece.DoubleCloser] = closer + closer;
  texts[Piece.StandIn] = opener(helperNames.standIn);
  texts[Piece.ParenthesizedStandIn] = parenthesis + opener(helperNames.standIn);
  texts[Piece.MessageTarget] = opener(helperNames.messageTarget);
  texts[Piece.ParenthesizedMessageTarget] = parenthesis + opener(helperNames.messageTarget);
  texts[Piece.Globals] = globalPrefix;
  texts[Piece.Location] = shorthandKey('location') + globalPrefix;
  texts[Piece.Top] = shorthandKey('top') + globalPrefix;
  texts[Piece.OptionalDot] = optionalDot;
  texts[Piece.OptionalBracket] = optionalBracket;
  texts[Piece.ArmEval] = opener(helperNames.armEval);
  texts[Piece.ParenthesizedArmEval] = parenthesis + opener(helperNames.armEval);
  texts[Piece.EvalSource] = opener(helperNames.evalSource);
  texts[Piece.ModuleSpecifier] = opener(helperNames.moduleSpecifier);
  texts[Piece.RestFixOpen] = parenthesis;
  texts[Piece.Value] = opener(helperNames.value);
  texts[Piece.LocationValue] = shorthandKey('location') + opener(helperNames.value);
  texts[Piece.TopValue] = shorthandKey('top') + opener(helperNames.value);
  texts[Piece.LocationWrite] = dynamicWriteStart('location');
  texts[Piece.TopWrite] = dynamicWriteStart('top');
  texts[Piece.WriteValue] = dynamicWriteValue;
  texts[Piece.Nothing] = '';
  return texts;
})();
