namespace EdgeInference.ModelFormat
{
    /// <summary>What a rule asks of one operator. Every question that is answered with no throws a <see cref="ModelFormatException"/> naming the operator.</summary>
    internal sealed class OperatorCheck
    {
        private readonly OperatorRecord record;
        private readonly int index;
        private readonly ModelBytes bytes;

        internal OperatorCheck(OperatorRecord record, int index, ModelBytes bytes)
        {
            this.record = record;
            this.index = index;
            this.bytes = bytes;
        }

        /// <summary>The operator.</summary>
        public OperatorRecord Operator
        {
            get { return record; }
        }

        /// <summary>The type of the first input.</summary>
        public TensorType Type
        {
            get { return record.Inputs[0].Type; }
        }

        /// <summary>Throws, naming the operator.</summary>
        public void Fail(string problem)
        {
            throw new ModelFormatException("operators", record.Offset, "operator " + index.ToString() + " (" + record.Name + ") " + problem);
        }

        /// <summary>Fails with <paramref name="problem"/>, which is not put together from parts, unless <paramref name="condition"/> holds.</summary>
        public void Require(bool condition, string problem)
        {
            if (!condition)
            {
                Fail(problem);
            }
        }

        /// <summary>Input <paramref name="position"/>, which must be there.</summary>
        public TensorInfo Input(int position)
        {
            if (!record.HasInput(position))
            {
                Fail("is missing input " + position.ToString());
            }

            return record.Inputs[position];
        }

        /// <summary>Input <paramref name="position"/>, which must be a constant of this type and number of elements.</summary>
        public TensorInfo Constant(int position, TensorType type, int elements)
        {
            TensorInfo tensor = Constant(position, type);
            if (tensor.Elements != elements)
            {
                Fail("input " + position.ToString() + " has " + tensor.Elements.ToString() + " elements, expected " + elements.ToString());
            }

            return tensor;
        }

        /// <summary>The elements of input <paramref name="position"/>, an int32 constant, must lie within the bounds.</summary>
        public void ConstantWithin(int position, int min, int max)
        {
            TensorInfo tensor = Constant(position, TensorType.Int32);
            for (int i = 0; i < tensor.Elements; i++)
            {
                int value = bytes.I32(tensor.Offset + (i * 4));
                if (value < min || value > max)
                {
                    Fail("input " + position.ToString() + " holds " + value.ToString() + ", outside " + min.ToString() + " to " + max.ToString());
                }
            }
        }

        /// <summary>Input <paramref name="position"/>, which must be a constant of this type.</summary>
        public TensorInfo Constant(int position, TensorType type)
        {
            TensorInfo tensor = Input(position);
            if (tensor.Type != type || tensor.Storage != TensorStorage.Constant)
            {
                Fail("input " + position.ToString() + " is not a constant of the type that it needs");
            }

            return tensor;
        }

        /// <summary>The elements of input <paramref name="position"/>, a float32 constant, must be finite.</summary>
        public void FiniteConstant(int position)
        {
            TensorInfo tensor = Input(position);
            for (int i = 0; i < tensor.Elements; i++)
            {
                float value = bytes.F32(tensor.Offset + (i * 4));
                if (value - value != 0f)
                {
                    Fail("input " + position.ToString() + " holds a number that is not finite");
                }
            }
        }

        /// <summary>The elements of input <paramref name="position"/>, a float32 constant, must be finite and above 0.</summary>
        public void PositiveConstant(int position)
        {
            FiniteConstant(position);
            TensorInfo tensor = Input(position);
            for (int i = 0; i < tensor.Elements; i++)
            {
                if (!(bytes.F32(tensor.Offset + (i * 4)) > 0f))
                {
                    Fail("input " + position.ToString() + " holds a scale that is not above 0");
                }
            }
        }

        /// <summary>Element <paramref name="element"/> of an int32 constant.</summary>
        public int ConstantInt(TensorInfo constant, int element)
        {
            return bytes.I32(constant.Offset + (element * 4));
        }

        /// <summary>Element <paramref name="element"/> of a float32 constant.</summary>
        public float ConstantFloat(TensorInfo constant, int element)
        {
            return bytes.F32(constant.Offset + (element * 4));
        }

        /// <summary>Element <paramref name="element"/> of an int16 constant.</summary>
        public int ConstantShort(TensorInfo constant, int element)
        {
            return (short)bytes.U16(constant.Offset + (element * 2));
        }

        /// <summary>Element <paramref name="element"/> of an int8 constant.</summary>
        public int ConstantByte(TensorInfo constant, int element)
        {
            return (sbyte)bytes.U8(constant.Offset + element);
        }

        /// <summary>Input <paramref name="position"/>, which must be a constant of int8, int16 or int32.</summary>
        public TensorInfo ConstantIntegers(int position)
        {
            TensorType type = Input(position).Type;
            return Constant(position, type == TensorType.Int8 || type == TensorType.Int16 ? type : TensorType.Int32);
        }

        /// <summary>Element <paramref name="element"/> of a constant of int8, int16 or int32.</summary>
        public int ConstantSigned(TensorInfo constant, int element)
        {
            return IntegerConstant.Signed(bytes, constant, element);
        }

        /// <summary>The same, of which int8 and int16 hold unsigned numbers.</summary>
        public int ConstantUnsigned(TensorInfo constant, int element)
        {
            return IntegerConstant.Unsigned(bytes, constant, element);
        }

        /// <summary>Output <paramref name="position"/>, which must have this type and number of elements; a product of sizes can pass what an int holds.</summary>
        public TensorInfo Output(int position, TensorType type, long elements)
        {
            TensorInfo tensor = record.Outputs[position];
            if (tensor.Type != type)
            {
                Fail("output " + position.ToString() + " has the wrong type");
            }

            if (tensor.Elements != elements)
            {
                Fail("output " + position.ToString() + " has " + tensor.Elements.ToString() + " elements, expected " + elements.ToString());
            }

            return tensor;
        }

        /// <summary>Output 0 must have the same shape as input 0.</summary>
        public TensorInfo OutputLikeInput(TensorType type)
        {
            TensorInfo tensor = Output(0, type, Input(0).Elements);
            Require(tensor.SameShape(Input(0)), "changes the shape");
            return tensor;
        }

        /// <summary>The tensor must be quantized, per tensor.</summary>
        public void Quantized(TensorInfo tensor)
        {
            if (!tensor.IsQuantized)
            {
                Fail("uses tensor " + tensor.Index.ToString() + ", which has no scale");
            }
        }

        /// <summary>Both tensors must be quantized, per tensor, with one scale and zero point.</summary>
        public void SameQuantization(TensorInfo a, TensorInfo b)
        {
            Quantized(a);
            Quantized(b);
            Require(a.Scale == b.Scale && a.ZeroPoint == b.ZeroPoint, "changes the scale");
        }

        /// <summary>Parameter <paramref name="parameter"/> must lie within the bounds.</summary>
        public int IntWithin(int parameter, int min, int max)
        {
            int value = record.Int(parameter);
            if (value < min || value > max)
            {
                Fail("has parameter " + OperatorNames.Parameter(record.Opcode, parameter) + " = " + value.ToString() + " outside " + min.ToString() + " to " + max.ToString());
            }

            return value;
        }

        /// <summary>Parameter <paramref name="parameter"/> must be a finite number.</summary>
        public float Finite(int parameter)
        {
            float value = record.Float(parameter);
            if (!(value - value == 0f))
            {
                Fail("has parameter " + OperatorNames.Parameter(record.Opcode, parameter) + " that is not finite");
            }

            return value;
        }

        /// <summary>
        /// Inputs <paramref name="multiplier"/> and the one after it must be constants of 1 or <paramref name="channels"/> elements
        /// that a requantization takes: int32 multipliers of 0 to 2³¹ − 1, int8 shifts of −31 to <paramref name="maxShift"/>: 30, or 7
        /// for 64-bit accumulators.
        /// </summary>
        public void Requantization(int multiplier, int channels, int maxShift)
        {
            TensorInfo multipliers = Constant(multiplier, TensorType.Int32);
            TensorInfo shifts = Constant(multiplier + 1, TensorType.Int8, multipliers.Elements);
            Require(multipliers.Elements == 1 || multipliers.Elements == channels, "has multipliers for a different number of channels");
            for (int i = 0; i < multipliers.Elements; i++)
            {
                Require(ConstantInt(multipliers, i) >= 0, "has a negative multiplier");
                int shift = ConstantByte(shifts, i);
                if (!(shift >= -31 && shift <= maxShift))
                {
                    Fail("has a shift outside -31 to " + maxShift.ToString());
                }
            }
        }

        /// <summary>Parameters <paramref name="min"/> and the one after it must be a range of the type.</summary>
        public void ClampWithin(int min, TensorType type)
        {
            int limit = type == TensorType.Int8 ? 128 : 32768;
            int low = IntWithin(min, -limit, limit - 1);
            IntWithin(min + 1, low, limit - 1);
        }
    }
}
