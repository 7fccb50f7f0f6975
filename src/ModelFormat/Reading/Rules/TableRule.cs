using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Table: any function of a quantized x, output int8 or int16 of the same shape. For x int8 a constant of 256 entries of
    /// the output's type (entry 0 is for −128); 256 entries for each channel of the last axis, one channel after the other,
    /// are a table for each. For x int16 the segments of an <see cref="InterpolationTable"/>, int32.
    /// </summary>
    internal static class TableRule
    {
        private const int MaxSegments = 65536;
        private const int MaxShift = 16;
        private const long MaxSum = 1L << 46;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Int8 || check.Type == TensorType.Int16, "takes int8 or int16");
            TensorType type = check.Operator.Outputs[0].Type;
            check.Require(type == TensorType.Int8 || type == TensorType.Int16, "writes int8 or int16");
            check.Quantized(check.OutputLikeInput(type));
            if (check.Type == TensorType.Int8)
            {
                int entries = check.Constant(1, type).Elements;
                check.Require(entries == 256 || entries == 256L * check.Input(0).LastDimension, "has a table without 256 entries, or 256 for each channel");
                return;
            }

            CheckSegments(check, check.Constant(1, TensorType.Int32));
        }

        // int64 holds every product of Horner's rule and int32 the result, whatever the input.
        // Gives the segment's lowest input.
        private static int CheckSums(OperatorCheck check, TensorInfo table, int position, int last)
        {
            int first = check.ConstantInt(table, position);
            int start = first >> InterpolationTable.ShiftBits;
            int shift = first & ((1 << InterpolationTable.ShiftBits) - 1);
            long farthest = last - start;
            long most = 0;
            for (int k = 4; k > 0; k--)
            {
                long coefficient = check.ConstantInt(table, position + k);
                long sign = coefficient >> 63;
                most = (((most * farthest) + (1L << shift) - 1) >> shift) + (coefficient ^ sign) - sign;
                check.Require(most < MaxSum, "has a table whose sums can leave 64 bits, or its results 32");
            }

            return start;
        }

        // Every input lies in a segment, so that the search for it ends within the table.
        private static void CheckSegments(OperatorCheck check, TensorInfo table)
        {
            int count = table.Elements / InterpolationTable.SegmentLength;
            check.Require(table.Elements == count * InterpolationTable.SegmentLength && count <= MaxSegments, "has a table whose length is not a whole number of segments");
            int last = int.MinValue;
            for (int i = 0; i < count; i++)
            {
                int first = check.ConstantInt(table, i * InterpolationTable.SegmentLength);
                int start = first >> InterpolationTable.ShiftBits;
                int shift = first & ((1 << InterpolationTable.ShiftBits) - 1);
                check.Require(i == 0 ? start == short.MinValue : start > last && start <= short.MaxValue, "has a table whose segments are not in order from -32768");
                check.Require(shift <= MaxShift, "has a table with a shift above 16");
                last = start;
            }

            int end = short.MaxValue;
            for (int position = table.Elements - InterpolationTable.SegmentLength; position >= 0; position -= InterpolationTable.SegmentLength)
            {
                end = CheckSums(check, table, position, end) - 1;
            }
        }
    }
}
