namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Which inputs an operator may overwrite with an output: those of which the kernels of all engines read element i for no other
    /// element of the output than i, where both have one type and as many elements, and the states that a recurrent layer keeps.
    /// </summary>
    internal static class InPlaceRule
    {
        /// <summary>Whether the operator works in place, given that types and numbers of elements are the same.</summary>
        /// <param name="opcode">The operator.</param>
        /// <param name="input">Position of the input.</param>
        /// <param name="output">Position of the output.</param>
        public static bool Allows(Opcode opcode, int input, int output)
        {
            switch (opcode)
            {
                case Opcode.Activation:
                case Opcode.Unary:
                case Opcode.Table:
                    return input == 0;
                case Opcode.Add:
                case Opcode.Sub:
                case Opcode.Mul:
                case Opcode.Div:
                case Opcode.Binary:
                case Opcode.Where:
                    return true;
                case Opcode.RNN:
                case Opcode.GRU:
                case Opcode.LSTM:
                case Opcode.QuantizedLSTM:
                case Opcode.QuantizedRecurrent:
                    return (input == RecurrentRule.FirstState && output == 1) || (input == RecurrentRule.FirstCell && output == 2);
                default:
                    return false;
            }
        }
    }
}
